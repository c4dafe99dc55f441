from django.dispatch import Signal

model_registered = Signal()  # sender: the model
