"""What every contestant but ours asks, in its own words where ours has screens: one question for each answer."""

from typing import Final

QUESTIONS: Final = (
    "Selamat datang. Apakah Anda setuju?",
    "Apa status orang yang dilaporkan?",
    "Siapa dia, dan apa jabatannya?",
    "Di kabupaten atau kota mana?",
    "Di tempat apa persisnya?",
    "Kapan terjadinya?",
    "Kapan Anda mengetahuinya?",
    "Apa yang dilakukannya?",
    "Ada lagi yang dilakukannya?",
    "Ceritakan apa yang terjadi.",
    "Adakah bukti?",
    "Bagaimana kami menghubungi Anda?",
    "Terima kasih. Periksa jawaban Anda.",
)
