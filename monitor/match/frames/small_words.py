"""Small words of the judged languages that tie verbs and objects together. They are grammar, not lexicon."""

#: Languages whose object may stand before an active verb, and those whose verb comes last.
FREE = frozenset("de tr fa ru uk pl zh".split())
VERB_LAST = frozenset("tr fa".split())

#: Between an active verb and its object these make the object somebody else's.
BLOCKING = {
    "en": frozenset(
        "for about under from against to on at with into without using between amid than fighting via".split()
    ),
    "de": frozenset("fur uber aus ohne".split()),
    "fr": frozenset("pour sur contre".split()),
    "es": frozenset("para sobre contra".split()),
    "it": frozenset("per su contro".split()),
    "ru": frozenset("для за против".split()),
    "uk": frozenset("для за проти".split()),
    "sv": frozenset("for om mot".split()),
    "pl": frozenset("dla przeciwko".split()),
    "ar": frozenset("بعد".split()),
}

#: Of these a noun of the act may have some before its object: "removal of", "end to", "talks on".
OF_NOUNS = frozenset("to on from against between with против проти contre contra".split())

WITH = frozenset("with mit de d avec con med z ile ب".split())

#: Before English measures behind "in" these make them an instrument: "hits banks in fresh sanctions".
FRESH = frozenset("new fresh latest further more first sweeping".split())

#: Languages whose instrument needs no word before it.
INSTRUMENTAL = frozenset("ru uk pl zh tr fa ar".split())

#: Slavic words for measures that are no instrument before a verb: "санкции ударили по".
NOMINATIVES = frozenset("санкции санкції sankcje ограничения обмеження ograniczenia".split())

FOR = frozenset("for fur pour para для dla per 为 لـ".split())

FROM = frozenset("from aus von de da desde из от з від od fran".split())

#: Before who sells, in Chinese: "向西班牙购买".
FROM_IDEOGRAPHS = frozenset("从 向 自 從".split())

#: Languages in which the object stands behind the verb nearest to it.
VERB_FIRST = frozenset("ar fr es it sv ru uk pl".split())

#: For how long: "sospendono per sei mesi le sanzioni".
PERIODS = frozenset(
    "mesi anni giorni mois ans jours monate monaten jahre jahren tage tagen meses anos dias manader ar dagar"
    " miesiecy lat dni месяцев месяца лет дней місяців років днів".split()
)

#: Before those on whom measures are put.
ON = frozenset(
    "on against for gegen contre contra против щодо проти على علي ضد عليه عليها mot 对 對 przeciw"
    " przeciwko wobec contro".split()
)

#: And those that are such words in one language only.
ON_IN = {
    "es": frozenset("a al".split()),
    "it": frozenset("a al alla all ai alle agli".split()),
    "pl": frozenset(("na",)),
    "fr": frozenset("a au aux".split()),
}

#: Before whose measures they are.
OF = frozenset("of de du des von der del della dell dei degli di od هاي ها".split())

#: Between a mark and an object these make the object the matter only: "threatens trouble over".
MATTER = frozenset(
    "um wegen over about despite uber trotz malgre sobre из за через против проти against under"
    " consequences overcome survive withstand endure weather absorb live cope adapt shrug".split()
)

#: Between a mark and arms these make the arms what is used, fought or lacking.
USED = frozenset(
    "use using used fighting shortage shortages shoot shooting counter tackle combat repel"
    " intercept destroy jam defend protect powers".split()
)

#: Between a wish and an object these make the object what is fought, used or feared.
NO_WISH = frozenset(
    "fighting against using shoot countering intercept downing access concessions answers"
    " explanation clarity debate".split()
)

BY = frozenset("by par por von av da dal dall dallo dalla dai dagli dalle przez".split())
#: Two words that bound the number behind them.
BOUNDS = frozenset({("up", "to"), ("at", "least"), ("at", "most"), ("more", "than"), ("fewer", "than")})
NUMERALS = frozenset("two three four five six seven eight nine ten eleven twelve dozens hundreds".split())

#: Behind "to" and behind arms these tell what a state's own forces are sent to do.
TASKS = frozenset(
    "patrol guard police monitor deter reassure secure escort hunt train exercise protect shield defend"
    " strengthen bolster reinforce boost beef".split()
)

#: Behind arms these tell what a state's own forces take part in.
MISSIONS = frozenset("patrol patrols policing drill drills exercise exercises deterrence flypast".split())

RELATIVE = frozenset("which that who".split())

#: Between an auxiliary and its participle.
ADVERBS = frozenset("also been newly now not just already recently reportedly since never".split())
AUXILIARIES = frozenset(
    "is are was were be being get gets got has have had been wurde wurden wird werden a ont est"
    " sont ete fue fueron ha han sido son e sono stato stati stata state hanno viene vengono blev har blivit"
    " zostal zostaly zostala zostali zostalo zostana jest sa".split()
)

#: An "-ing" form after these is finite.
BEING = frozenset(
    "is are was were be been being start starts started begin begins began resume resumes resumed"
    " approve approves approved endorse endorses endorsed announce announces announced complete"
    " completes completed finish finishes finished orders ordered".split()
)

STOPPING = frozenset(
    "stop stops stopped stopping halt halts halted halting cease ceases ceased quit quits".split()
)
FINITE_BEFORE_GERUND = (BEING | STOPPING) - {"stopping", "halting", "quit", "quits"}

#: Before "'s" or "'re" and an "-ing" form these are its subject: "he's designating".
SUBJECT_PRONOUNS = frozenset("he she it they we who".split())
CONTRACTED = frozenset({"s", "re"})

#: Behind these an English gerund only describes: "pays for supplying", "without lifting".
BEFORE_GERUND = frozenset("for over by from despite without when while about after before".split())

#: Before a participle without object these tell what holds: "is proscribed".
STANDING = frozenset("is are remains remain already still".split())

#: An act behind these and "to" is only named: "slams the decision to sanction".
DECISIONS = frozenset("decision decisions refusal failure power powers right authority".split())

#: Who does this to measures wants what the participle behind them says: "wants sanctions lifted".
WANTING = frozenset("want wants wanted need needs demand demands seek seeks".split())

#: An act behind these and "to" is only tried.
EFFORTS = frozenset(
    "effort efforts bid bids attempt attempts push move moves call calls request proposal plan".split()
)

#: Verbs of what an act arouses; a noun before them only names it: "easing of sanctions draws criticism".
AROUSING = frozenset(
    "draws drew sparks sparked angers angered fuels fuelled raises prompts prompted triggers triggered stirs"
    " worries worried alarms".split()
)

#: Drafts that a body passes before they are law.
DRAFTS = frozenset("bill legislation measure law act resolution".split())

#: Conjunctions of what goes on at the same time; a verb behind the next comma goes on with it.
MEANWHILE = frozenset({"as", "while"})

#: Verbs before a party, within so many words, that is told "to" act.
COMMANDS = frozenset({"tell", "tells", "told"})
COMMAND_REACH = 6

#: Who does this to a measure names it only: "slams the threat to use".
BLAMING = frozenset(
    "slams slam slammed condemns condemn condemned blasts blast blasted decries decry decried"
    " denounces denounce denounced criticises criticizes criticised criticized defies defy defied"
    " defends laments".split()
)

#: Before a noun of an act these make it news: "announces a halt to arms exports".
ANNOUNCING = frozenset(
    "announce announces announced order orders ordered declare declares declared impose imposes"
    " imposed approve approves approved agree agrees agreed back backs backed confirm confirms"
    " confirmed begin begins began launch launches launched decide decides decided notice notices".split()
)

#: English auxiliaries, and "to": a base form behind them is a verb.
MODALS = frozenset("will would could can may might should must shall to".split())

#: An English base form behind these is a verb, not a noun: "to ship", "they ship".
BEFORE_INFINITIVE = MODALS | frozenset("not and they we who still firms companies traders".split())

#: Verbs that report what follows.
REPORTING = frozenset("says said tells told confirms reports admits claims announces warns".split())

#: Before an English word that may be a verb these make it a noun: "the release of", "calls for a ban".
DETERMINERS = frozenset("the a an of its their his her for any new fresh".split())

#: English verbs whose subject receives arms: "will get tanks".
GETTING = frozenset((word,) for word in "get have need see want seek request receive".split())

#: What is traded in these goods is no arms trade, however near arms stand.
CIVIL_GOODS = tuple(
    "oil gas lng crude fuel energy electricity coal grain wheat food fertilis fertiliz helium chip gold"
    " diamond mineral rice sugar beef timber steel medicine vaccine getreide erdgas rohstoff".split()
)

#: What is made in these works is arms: "shell factory".
MADE = tuple("shell ammunition munition missile drone tank powder gunpowder explosive weapon rocket".split())

#: Languages in which the subject of a verb of arriving stands behind it: "Llegan los primeros cazas".
SUBJECT_BEHIND = frozenset("es it fr pl ru uk ar de sv".split())

#: Endings of gerunds that tell how the subject does what it does.
ADVERBIAL_GERUNDS = {
    "es": ("ando", "endo"),
    "it": ("ando", "endo"),
    "pl": ("ac",),
    "tr": ("arak", "erek"),
}

#: Languages in which a participle behind its noun describes it, unless an auxiliary stands before it.
DESCRIBING_BEHIND = frozenset("fr es it pl".split())

#: Behind a participle that ends what a title says: "prorogées d'un an", "prorogate di sei mesi".
BEHIND_PREDICATE = frozenset(
    "d de jusqu pour di fino per por hasta durante un une una za do o na w przez".split()
)

#: Prepositions, by their first word as folded, that open a phrase beside the main clause.
PHRASES = {
    "de": frozenset("wegen nach trotz seit vor angesichts infolge aufgrund".split()),
    "fr": frozenset("apres malgre suite face avant depuis".split()),
    "es": frozenset("tras despues pese ante antes debido".split()),
    "it": frozenset("dopo nonostante".split()),
    "sv": frozenset("efter trots innan".split()),
    "pl": frozenset("po mimo pomimo przed".split()),
    "ru": frozenset("после несмотря на из ввиду вопреки в перед".split()),
    "uk": frozenset("після попри на через у перед".split()),
}

#: Right behind a preposition these make a conjunction of it: "после того, как".
CONJOINING = frozenset((word,) for word in "того que che att tym ان ما dass".split())

#: Behind the Chinese word for sanctions these make it a noun.
NOUNS_OF_IDEOGRAPHS = tuple(
    "措施 名单 清单 解除 行动 政策 压力 豁免 法案 方案 计划 草案 提案 决议 下 的 将 对 影响 威胁".split()
)

#: Chinese words whose parts look like marks of status.
PARTS = frozenset(
    "将领 将军 大将 上将 中将 违反 虚拟 模拟 联想 理想 思想 想象 未来 未经 不法 不断 不满 不少 不同 促进 促使"
    " 促成 不顾 不管 或者 究所 究院 究中 前总 前首 前部 前官 前高 前议 前国 前外 前防 前财 前央 前副"
    " 前主 前情 前政 前军 前特".split()
)

#: What is bought, by the beginning of its word.
ORDERS = frozenset(
    "order purch acqui plan plans bid comma achat compr pedid заказ закуп покуп замов sipar beste"
    " auftr zamow alim alimi satin 采 购 订 شراء شرا خريد".split()
)
