"""The words of dates: months, weekdays, fillers and zones, in the languages of our feeds. Pure."""

import re
import unicodedata

from .calendars import Calendar

#: Arabic and Persian forms of one letter, other dashes and commas, Turkish and Polish letters.
_LETTERS = str.maketrans("−–—‒،ıłیىکة", "----,ilييكه")
_JOINED = re.compile(r"\b(كانون|تشرين|ربيع|جمادي|ذو|ذي) (?=ال)")
_SHANBE = re.compile(r"\b(يك|دو|سه|چهار|پنج) ?شنبه")
_NUMERALS = re.compile("[〇零一二三四五六七八九十]{1,5}(?=[年月日号])")
_DIGITS = {numeral: digit for digit, numeral in enumerate("零一二三四五六七八九")} | {"〇": 0}


def fold(text: str) -> str:
    """Return the text of a date in lower case, with ASCII digits, without accents and vowel marks."""
    folded = "".join(map(_folded, unicodedata.normalize("NFKC", text).lower())).translate(_LETTERS)
    folded = _JOINED.sub(r"\1_", folded)
    return _NUMERALS.sub(_number, _SHANBE.sub(r"\1شنبه", folded))


def _folded(char: str) -> str:
    if char.isascii():
        return char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if unicodedata.category(char) in {"Mn", "Cf"}:
        return ""
    base = unicodedata.normalize("NFD", char)[0]
    return char if "\u0400" <= char <= "\u052f" else base


def _number(numerals: re.Match[str]) -> str:
    """Return Chinese numerals as digits: 二〇二六 digit by digit, 二十七 with tens."""
    text = numerals[0]
    if "十" not in text:
        return "".join(str(_DIGITS[numeral]) for numeral in text)
    tens, _, ones = text.partition("十")
    return str(10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0))


#: Beginnings of the names of months, without accents; none of them means two months.
_GREGORIAN = {
    1: "jan ene gen oca янв січ sty janv يناير جانفي كانون_الثاني ژانویه มกราคม ม.ค",
    2: "feb fev sub фев лют lut فبراير فيفري شباط فوریه กุมภาพันธ์ ก.พ",
    3: "mar mrz mart март бер مارس اذار มีนาคม มี.ค",
    4: "apr avr abr nis апр кві kwi ابريل افريل نيسان اوریل เมษายน เม.ย",
    5: "may mai mag maj май мая тра مايو ماي ايار مه พฤษภาคม พ.ค",
    6: "jun juin giu haz июн чер cze يونيو يونيه جوان حزيران ژوین ژوئن มิถุนายน มิ.ย",
    7: "jul juil lug tem июл лип lip يوليو يوليه جويلية تموز ژوییه ژوئیه جولای กรกฎาคม ก.ค",
    8: "aug aou ago agu авг сер sie اغسطس اوت اب اگوست สิงหาคม ส.ค",
    9: "sep set eyl сен вер wrz سبتمبر ايلول سپتامبر กันยายน ก.ย",
    10: "oct okt out ott eki окт жов paz اكتوبر تشرين_الاول اکتبر ตุลาคม ต.ค",
    11: "nov kas ноя лис lis نوفمبر تشرين_الثاني نوامبر พฤศจิกายน พ.ย",
    12: "dec dez dic ara дек гру gru ديسمبر كانون_الاول دسامبر ธันวาคม ธ.ค",
}
_PERSIAN = {
    1: "فروردین farvardin", 2: "اردیبهشت ordibehesht", 3: "خرداد khordad", 4: "تیر tir",
    5: "مرداد امرداد mordad", 6: "شهریور shahrivar", 7: "مهر mehr", 8: "ابان aban", 9: "اذر azar",
    10: "دی dey", 11: "بهمن bahman", 12: "اسفند esfand",
}  # fmt: skip
_ISLAMIC = {
    1: "محرم muharram", 2: "صفر safar", 3: "ربيع_الاول", 4: "ربيع_الاخر ربيع_الثاني",
    5: "جمادي_الاولي جمادي_الاول", 6: "جمادي_الاخره جمادي_الثانيه جمادي_الاخر جمادي_الثاني", 7: "رجب rajab",
    8: "شعبان shaban", 9: "رمضان ramadan ramazan", 10: "شوال shawwal", 11: "ذو_القعده ذي_القعده",
    12: "ذو_الحجه ذي_الحجه",
}  # fmt: skip

#: Name → (calendar, month). Names in Latin and Cyrillic letters are beginnings, the others whole words.
MONTHS = {
    fold(name): (calendar, number)
    for calendar, table in (
        (Calendar.GREGORIAN, _GREGORIAN),
        (Calendar.PERSIAN, _PERSIAN),
        (Calendar.ISLAMIC, _ISLAMIC),
    )
    for number, names in table.items()
    for name in names.split()
}

#: Names of weekdays from Monday on, without accents; the short ones may be names of months too.
_WEEKDAYS = (
    "monday mon montag mo lundi lun lunes lunedi понедельник пн понеділок pazartesi pzt mandag man"
    " poniedzialek pon segunda-feira segunda seg الاثنين دوشنبه 星期一 周一 จันทร์",
    "tuesday tue tues dienstag di mardi mar martes martedi вторник вт вівторок sali sal tisdag tis wtorek"
    " wt terca-feira terca ter الثلاثاء سه‌شنبه سهشنبه 星期二 周二 อังคาร",
    "wednesday wed mittwoch mi mercredi mer miercoles mie mercoledi среда ср середа carsamba car onsdag"
    " ons sroda sr quarta-feira quarta qua الاربعاء چهارشنبه 星期三 周三 พุธ",
    "thursday thu thur thurs donnerstag do jeudi jeu jueves jue giovedi gio четверг чт четвер persembe"
    " per torsdag tors tor czwartek czw quinta-feira quinta qui الخميس پنجشنبه پنج‌شنبه 星期四 周四 พฤหัสบดี",
    "friday fri freitag fr vendredi ven viernes vie venerdi пятница пт п'ятниця п’ятниця cuma cum"
    " fredag fre piatek pt sexta-feira sexta sex الجمعه جمعه 星期五 周五 ศุกร์",
    "saturday sat samstag sonnabend sa samedi sam sabado sab sabato суббота сб субота cumartesi cmt"
    " lordag lor sobota sob السبت شنبه 星期六 周六 เสาร์",
    "sunday sun sonntag so dimanche dim domingo dom domenica воскресенье вс неділя нд pazar paz sondag"
    " son niedziela ndz nie الاحد یکشنبه يكشنبه 星期日 星期天 周日 อาทิตย์",
)
WEEKDAYS = {fold(name): number for number, names in enumerate(_WEEKDAYS) for name in names.split()}

#: Words around a date that say nothing.
FILLERS = frozenset(
    map(
        fold,
        "r r. be ce ad feira saat godz alle as de del di do"
        " da of the den der le el al il am em um on at kl klo uhr ore hrs h г г. год"
        " года р р. року рік в у o à a ii st nd rd th er го e m с م هـ ه ميلادي ميلاديه هجري هجريه"
        " شمسي ش ساعت الساعه พ.ศ. พ.ศ เวลา น น. วัน ที่ วันที่".split(),
    )
)

HOURS = {"UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2,
    "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "МСК": 3, "TRT": 3, "TSI": 3, "GST": 4, "PKT": 5, "WIB": 7,
    "ICT": 7, "HKT": 8, "SGT": 8, "PHT": 8, "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12,
    "NZDT": 13, "BRT": -3, "AST": -4, "EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7,
    "PDT": -7, "PST": -8,
    "AKST": -9, "HST": -10, "BST": 1, "IST": 5.5, "ACST": 9.5, "IRST": 3.5}  # fmt: skip

#: Israel or India, Britain or Bangladesh, China or Chicago, Arabia or Atlantic: read one way, not relied on.
AMBIGUOUS_ZONES = frozenset({"IST", "BST", "CST", "AST", "GST"})


def month_of(word: str) -> tuple[Calendar, int] | None:
    """Return the calendar and number of a month's name, folded; None for any other word."""
    if word in MONTHS:
        return MONTHS[word]
    if not ("a" <= word[:1] <= "z" or "а" <= word[:1] <= "і") or len(word) > 12:
        return None
    return MONTHS.get(word[:4]) or MONTHS.get(word[:3])
