"""Names as one meets them in a waiting room in Bengaluru, by the community that shares them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Community:
    """Given and family names that go together, the languages spoken, and how many come (per cent)."""

    share: int
    languages: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]


def words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


LANGUAGES = {
    "en": "English",
    "kn": "Kannada",
    "hi": "Hindi",
    "ta": "Tamil",
    "te": "Telugu",
    "ml": "Malayalam",
    "ur": "Urdu",
    "mr": "Marathi",
    "bn": "Bengali",
    "gu": "Gujarati",
    "pa": "Punjabi",
    "or": "Odia",
    "as": "Assamese",
    "kok": "Konkani",
    "tcy": "Tulu",
}

COMMUNITIES = (
    Community(
        24,
        ("kn",),
        words(
            "Ananya, Shobha, Kavya, Deepa, Sahana, Bhavana, Roopa, Chaitra, Pallavi, Savitha, Nandini, "
            "Vidya, Sowmya, Ashwini, Lakshmi, Girija, Vanaja, Sudha, Poornima, Rashmi, Tejaswini, Manasa"
        ),
        words(
            "Karthik, Manjunath, Suresh, Raghavendra, Vinay, Chetan, Prakash, Nagaraj, Girish, Mahesh, "
            "Shashidhar, Venkatesh, Basavaraj, Pradeep, Harish, Umesh, Ravi, Sanjay, Darshan, Puneeth"
        ),
        words(
            "Rao, Hegde, Gowda, Murthy, Bhat, Kulkarni, Patil, Shastry, Urs, Hiremath, Joshi, Desai, "
            "Narayan, Swamy, Kamath, Acharya, Aradhya, Reddappa"
        ),
    ),
    Community(
        12,
        ("ta", "kn"),
        words(
            "Meenakshi, Priya, Revathi, Kalyani, Sangeetha, Malathi, Janani, Vasanthi, Gayathri, Uma, "
            "Hema, Nithya, Saraswathi, Abirami, Divya, Thenmozhi"
        ),
        words(
            "Arun, Senthil, Murugan, Ganesan, Balaji, Karthikeyan, Srinivasan, Vignesh, Saravanan, "
            "Anand, Dinesh, Ramesh, Prabhu, Kumaran, Muthu, Sundar"
        ),
        words(
            "Subramanian, Iyer, Krishnan, Natarajan, Venkataraman, Pillai, Selvaraj, Rajagopal, "
            "Sundaram, Chandrasekaran, Arumugam, Raman, Ranganathan, Palaniswamy"
        ),
    ),
    Community(
        11,
        ("te", "kn"),
        words(
            "Padmaja, Sirisha, Swathi, Madhavi, Sujatha, Anuradha, Lavanya, Sravani, Jyothi, Bharathi, "
            "Haritha, Keerthi, Aruna, Vijaya"
        ),
        words(
            "Srinivas, Venkata, Ramakrishna, Sudhakar, Naresh, Kiran, Ravindra, Chaitanya, Praveen, "
            "Satish, Rajesh, Hari, Nagarjuna, Vamsi"
        ),
        words(
            "Reddy, Naidu, Chowdary, Varma, Sastry, Prasad, Raju, Rao, Kondapalli, Yellapragada, "
            "Vemuri, Gadde"
        ),
    ),
    Community(
        8,
        ("ml", "kn"),
        words("Lekha, Sreedevi, Anjali, Remya, Sindhu, Parvathy, Bindu, Maya, Asha, Geetha, Athira, Latha"),
        words(
            "Unnikrishnan, Rajeev, Sreekumar, Anoop, Vineeth, Hari, Biju, Gopakumar, Ajith, Sajeev, "
            "Manoj, Jayan"
        ),
        words("Nair, Menon, Warrier, Kurup, Nambiar, Panicker, Varma, Pisharody, Unni"),
    ),
    Community(
        7,
        ("ml", "ta"),
        words("Anitha, Susan, Mariamma, Reena, Sheeba, Elizabeth, Annie, Rachel, Jincy, Leena"),
        words("Mathew, Thomas, George, Jacob, Abraham, Shaji, Alex, Philip, Varghese, Roy"),
        words("Kurian, Cherian, Chacko, Zachariah, Mathew, Thomas, Eapen, Oommen, Tharakan, Joseph"),
    ),
    Community(
        5,
        ("kok", "kn"),
        words("Maria, Sharmila, Flavia, Lavina, Joyce, Celine, Philomena, Sandra, Jacinta, Priscilla"),
        words("Joseph, Anthony, Denzil, Melwyn, Roshan, Ivan, Stephen, Lawrence, Clifford, Ronald"),
        words("D'Souza, Pinto, Fernandes, Rodrigues, Lobo, Mascarenhas, Pereira, D'Silva, Saldanha"),
    ),
    Community(
        13,
        ("ur", "hi", "kn"),
        words(
            "Ayesha, Fatima, Nasreen, Shabana, Rukhsana, Zainab, Sameena, Farheen, Noor, Tabassum, Ruksar, "
            "Mehrunnisa, Sana, Haseena"
        ),
        words(
            "Imran, Mohammed, Syed Irfan, Abdul Rahman, Faisal, Zubair, Asif, Javed, Naveed, Tanveer, "
            "Mushtaq, Rizwan, Sadiq, Yusuf"
        ),
        words(
            "Khan, Sheikh, Ahmed, Pasha, Baig, Ansari, Hussain, Siddiqui, Qureshi, Sharieff, Farooqui, Mulla"
        ),
    ),
    Community(
        8,
        ("hi",),
        words("Neha, Pooja, Sunita, Ritu, Shalini, Kiran, Preeti, Archana, Vandana, Rekha, Manju, Nidhi"),
        words("Amit, Rahul, Vikas, Sanjeev, Alok, Rajeev, Ashok, Deepak, Nitin, Rakesh, Abhishek, Mohan"),
        words("Sharma, Verma, Gupta, Mishra, Tiwari, Singh, Agarwal, Srivastava, Yadav, Chauhan, Jain"),
    ),
    Community(
        4,
        ("mr", "hi"),
        words("Snehal, Madhuri, Varsha, Aparna, Medha, Prajakta, Vaishali, Shubhangi"),
        words("Sachin, Nilesh, Prasad, Mandar, Shrikant, Ajay, Vivek, Sandeep"),
        words("Deshpande, Kulkarni, Patwardhan, Jadhav, Shinde, Gokhale, Pawar, Bhosale"),
    ),
    Community(
        3,
        ("bn", "hi"),
        words("Sharmistha, Moumita, Debjani, Ruma, Ishita, Paroma, Tanushree"),
        words("Subrata, Anirban, Debashish, Partha, Sourav, Arindam, Kaushik"),
        words("Banerjee, Mukherjee, Chatterjee, Ghosh, Sen, Das, Bose, Roy"),
    ),
    Community(
        2,
        ("gu", "hi"),
        words("Hetal, Bhavna, Jignasha, Kinjal, Mittal, Heena"),
        words("Jignesh, Ketan, Mehul, Paresh, Nirav, Chirag"),
        words("Patel, Shah, Mehta, Desai, Parekh, Trivedi"),
    ),
    Community(
        2,
        ("pa", "hi"),
        words("Harpreet Kaur, Gurleen Kaur, Jasmeet Kaur, Simran Kaur, Manpreet Kaur"),
        words("Gurpreet Singh, Harjinder Singh, Amarjeet Singh, Kuldeep Singh, Navjot Singh"),
        words("Gill, Sandhu, Dhillon, Bedi, Ahluwalia, Sodhi"),
    ),
    Community(
        1,
        ("as", "hi"),
        words("Rupali, Jahnabi, Mitali, Barsha, Monalisa"),
        words("Bhaskar, Pranjal, Diganta, Hemanta, Rituraj"),
        words("Baruah, Saikia, Bora, Goswami, Kalita, Lyngdoh"),
    ),
)
# How children born in the last years are called, whatever the community's older names are.
GIRLS = words("Aadhya, Diya, Anika, Ira, Saanvi, Myra, Tara, Zoya, Riya, Nisha, Inaya, Kiara, Amaya, Leah")
BOYS = words("Aarav, Vihaan, Arjun, Ishaan, Rohan, Kabir, Advik, Ayaan, Nikhil, Zayn, Reyansh, Dev, Noah")
