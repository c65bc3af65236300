"""Small words of eleven languages that tell clauses, dates and reports apart.

They are grammar; what an analyst may want to change stands in ``seeds/lexicon/concepts-guards.toml``.
"""

#: They open a clause that tells what came before the main one.
RECALLING = frozenset("after since following over despite because that which who whose whom where".split())
OPENING = RECALLING | frozenset("as while when although though but amid".split())

#: German relative pronouns, which are articles unless a comma stands before them.
RELATIVE = frozenset("die der das dem den deren dessen denen welche welcher welches".split())

MONTHS = frozenset(
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec spring summer autumn fall winter"
    " января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
    " январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре"
    " січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"
    " ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik"
    " يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر"
    " januar februar marz mai juni juli oktober dezember"
    " janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre"
    " enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    " januari februari maj augusti".split()
)

#: Before a year: "in 2017", "в 2017", "im Jahr 2017", "عام 2017".
DATING = frozenset(
    "in since by until till during from before after of early late mid year в к до с у з із від року"
    " im jahr jahre ab vor en annee fin debut ano desde i ar عام سنه في منذ سال در".split()
)

#: After a year: "2017 году", "2017 yılında", "2017年".
YEARS = frozenset("году года год гг року році рік yil yili yilinda yilindan yilinin 年 م".split())

#: Words of denial that stand between a verb and its object: "imposes no sanctions".
DENYING = frozenset(
    "no not never не нет ни keine keinen kein nicht pas aucune aucun ninguna inga inte لا لم 不".split()
)

SAYING = frozenset("said says say told announced announces confirmed confirms reported reports".split())

#: Between a year and the verb, another act takes the year for itself.
ACTED = frozenset(
    "bought ordered purchased acquired sold signed agreed approved delivered received imposed sanctioned"
    " designated announced".split()
)
