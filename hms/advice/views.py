from itertools import groupby

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hms.advice.models import Article, ArticleKind


@require_safe
def list_articles(request):
    articles = sorted(Article.objects.published(), key=lambda each: ArticleKind.values.index(each.kind))
    groups = [(ArticleKind(kind), list(those)) for kind, those in groupby(articles, lambda each: each.kind)]
    return render(request, "advice/list_articles.html", {"groups": groups})


@require_safe
def show_article(request, slug):
    article = Article.objects.published().filter(slug=slug).first()
    if article is None or article.slug != slug:
        raise Http404
    return render(request, "advice/show_article.html", {"article": article})
