"""The words of the field, folded: lower case, without accents. Each list reads in Spanish, then in English."""

from collections.abc import Mapping

from cases.models import PhoneOwner, Relation, Sex


def _each(value: str, words: str) -> dict[str, str]:
    """`value` for each of the words, which a comma parts."""
    return {word.strip(): str(value) for word in words.split(",")}


# How people write that there is nothing to write.
NOTHING = frozenset(
    _each(
        "",
        ",na,n a,s n,no,ninguno,ninguna,nada,no tiene,no tiene aun,todavia no,sin,sin numero,pendiente,desconocido,desconocida,"
        "no sabe,se desconoce,no aplica,none,none yet,pending,unknown",
    )
)

SEX_WORDS: Mapping[str, str] = {
    **_each(Sex.FEMALE, "f,fem,femenino,femenina,mujer,nina,hembra,female,woman,girl,w"),
    **_each(Sex.MALE, "h,masc,masculino,hombre,nino,varon,male,man,boy"),
    **_each(Sex.OTHER, "x,otro,otra,no binario,no binaria,intersexual,other,non binary,nb,intersex"),
}

RELATION_WORDS: Mapping[str, str] = {
    **_each(
        Relation.HEAD,
        "jefe,jefa,jefe de familia,jefa de familia,jefe de hogar,jefa de hogar,cabeza,cabeza de familia,cabeza de hogar,titular,"
        "principal,head,head of family,self,hoh",
    ),
    **_each(
        Relation.PARTNER, "pareja,esposo,esposa,conyuge,concubino,concubina,marido,mujer,partner,spouse,husband,wife"
    ),
    **_each(Relation.CHILD, "hijo,hija,hijastro,hijastra,bebe,child,son,daughter,stepson,stepdaughter,baby"),
    **_each(Relation.PARENT, "madre,padre,mama,papa,mother,father,parent"),
    **_each(Relation.SIBLING, "hermano,hermana,brother,sister,sibling"),
    **_each(Relation.GRANDPARENT, "abuelo,abuela,grandmother,grandfather,grandparent"),
    **_each(
        Relation.RELATIVE,
        "familiar,otro familiar,pariente,otro pariente,tio,tia,sobrino,sobrina,primo,prima,nieto,nieta,cunado,cunada,suegro,suegra,"
        "yerno,nuera,relative,uncle,aunt,nephew,niece,cousin,grandchild,grandson,granddaughter",
    ),
    **_each(Relation.UNRELATED, "sin parentesco,no familiar,amigo,amiga,ninguno,unrelated,friend"),
}

PHONE_OWNER_WORDS: Mapping[str, str] = {
    **_each(PhoneOwner.OWN, "propio,propia,mio,mia,personal,own"),
    **_each(PhoneOwner.SHARED, "compartido,compartida,familiar,familia,shared"),
    **_each(PhoneOwner.OTHER, "otro,otra,de otra persona,prestado,ajeno,other"),
}

# What a country's people are called, up to the ending that tells women from men. Nothing that names countries is typed here.
DEMONYMS = {
    stem: code
    for code, stems in {
        "HN": "hondure,honduran",
        "GT": "guatemalte,guatemalan",
        "CU": "cuban",
        "SV": "salvadore,salvadoran",
        "NI": "nicarague,nicaraguan",
        "EC": "ecuatorian,ecuadorian",
        "VE": "venezolan,venezuelan",
        "CO": "colombian",
        "PE": "peruan,peruvian",
        "HT": "haitian",
        "MX": "mexican",
        "BR": "brasile,brazilian",
        "DO": "dominican",
        "BO": "bolivian",
        "CL": "chilen",
        "AR": "argentin",
        "CR": "costarricense",
        "PA": "panamen",
        "US": "estadounidense,american",
    }.items()
    for stem in stems.split(",")
}

# The first three letters of each month, in both languages.
MONTHS = {
    prefix: month
    for month, prefixes in enumerate(
        ("ene jan", "feb", "mar", "abr apr", "may", "jun", "jul", "ago aug", "sep set", "oct", "nov", "dic dec"),
        start=1,
    )
    for prefix in prefixes.split()
}

# What parts a year into the unit that an age is told in.
AGE_UNITS: Mapping[str, int] = {
    **{word: 1 for word in " a ano anos anios y year years yr yrs".split(" ")},
    **{word: 12 for word in "m mes meses mo month months".split()},
    **{word: 52 for word in "sem semana semanas w week weeks".split()},
    **{word: 366 for word in "d dia dias day days".split()},
}

PARTICLES = frozenset("de del la las los y da do dos das van von san santa".split())
