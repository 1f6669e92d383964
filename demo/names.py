"""Names that nobody bears: common given names and surnames by country, combined at random.

Two surnames, particles, accents and apostrophes as the field has them. Every combination comes from a seeded generator; that
somebody somewhere has the same name is chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

GIRLS = """
Abigail Adriana Alejandra Alicia Alma Ana Andrea Ángela Angélica Araceli Aurora Beatriz Belén Berta Blanca Brenda Camila Carmen
Carolina Cecilia Claudia Cristina Daniela Delmy Diana Dilcia Dolores Edith Elena Elizabeth Elsa Emilia Erika Estefany Estela
Esther Eva Evelyn Fátima Fernanda Flor Gabriela Génesis Gladis Gloria Graciela Heidy Ingrid Irma Isabel Ivania Jacqueline Jazmín
Jessica Johana Josefina Julia Juliana Karen Karla Keyla Lesly Leticia Lidia Lilian Lizbeth Lorena Lourdes Lucía Luisa Luz Mabel
Maira Marcela Margarita María Maribel Marisol Marlen Maritza Martha Mayra Melany Mercedes Miriam Mirna Nancy Natalia Nelly Nohemí
Norma Nubia Olga Paola Patricia Petrona Raquel Rebeca Reina Rosario Roxana Rubí Ruth Sandra Sara Selena Silvia Sofía Sonia Suyapa
Tatiana Teresa Valeria Vanesa Verónica Victoria Virginia Wendy Ximena Yadira Yajaira Yesenia Yolanda Zoila Zulema
""".split()
BOYS = """
Abel Adán Adolfo Alejandro Alexander Alexis Alfonso Alfredo Allan Álvaro Anderson Andrés Ángel Antonio Armando Arnulfo Arturo
Benjamín Bryan Byron Carlos César Christian Cristian Daniel Danilo Darwin David Denis Diego Edgar Edgardo Edin Eduardo Efraín
Elías Elmer Elvin Emerson Emilio Enrique Erick Ernesto Esteban Eusebio Ever Fabricio Felipe Félix Fernando Fidel Francisco
Franklin Fredy Gabriel Gerardo Gerson Gilberto Gustavo Héctor Henry Hernán Humberto Ismael Iván Jaime Jairo Javier Jeremías Jesús
Joaquín Joel Jonathan Jorge José Josué Juan Julio Justo Kevin Leonel Lester Luis Manuel Marco Mario Mauricio Maynor Melvin Miguel
Misael Moisés Nelson Nicolás Noé Norman Omar Óscar Osmín Otoniel Pablo Pedro Rafael Ramiro Ramón Raúl René Ricardo Rigoberto
Roberto Rodolfo Rolando Ronald Rubén Rudy Salvador Samuel Santos Saúl Selvin Sergio Silvio Tomás Ulises Víctor Walter Wilfredo
Wilmer Wilson Yeison Yovani
""".split()
SURNAMES = """
Acevedo Acosta Aguilar Aguirre Alfaro Alvarado Álvarez Amaya Andino Antúnez Aparicio Arévalo Argueta Arriaga Avelar Ávila Ayala
Banegas Barahona Barrera Barrientos Benítez Bonilla Bustillo Cáceres Calderón Canales Cardona Carías Carranza Castellanos Castillo
Castro Cedillo Cerrato Chávez Chinchilla Contreras Córdova Corea Cruz Cuéllar Díaz Discua Domínguez Dubón Duarte Enamorado Escobar
Escoto Espinal Espinoza Estrada Euceda Fajardo Fernández Figueroa Flores Fuentes Funes Galeas Galdámez Gálvez Gámez García Girón
Gómez Gonzales González Granados Guardado Guerra Gutiérrez Guzmán Henríquez Hernández Herrera Hidalgo Iraheta Izaguirre Jiménez
Lagos Landaverde Lanza Lazo Lemus Lobo López Lovo Madrid Maldonado Mancía Mairena Martínez Matute Medina Mejía Melara Meléndez
Membreño Mena Méndez Mendoza Menjívar Meza Miranda Molina Monge Montes Montoya Morales Morán Moreno Munguía Muñoz Murillo Nájera
Navarrete Nolasco Núñez Ochoa Ordóñez Orellana Orozco Ortega Ortiz Osorio Pacheco Padilla Palacios Paz Peña Peralta Perdomo
Pereira Pérez Pineda Pinto Pleitez Ponce Portillo Posadas Quintanilla Quijada Ramírez Ramos Recinos Reyes Ríos Rivas Rivera Rodas
Rodríguez Rosales Rosa Rubio Ruiz Saavedra Salazar Salgado Salinas Sánchez Sandoval Santamaría Sarmiento Segovia Serrano Sevilla
Sierra Solís Solórzano Soriano Sorto Suazo Tábora Tejada Tobar Toledo Torres Trejo Turcios Ulloa Umaña Urbina Urrea Valdez
Valladares Valle Vallecillo Varela Vargas Vásquez Velásquez Ventura Vides Villalta Villanueva Villatoro Yanes Zaldívar Zamora
Zavala Zelaya Zepeda Zúñiga
""".split()
WITH_PARTICLES = (
    "de León",
    "de la Cruz",
    "del Cid",
    "de la O",
    "de Paz",
    "del Valle",
    "de los Santos",
    "de la Rosa",
    "del Carmen",
    "de Jesús",
)
MAYAN = """
Ajanel Ajú Batz Bolóm Caal Cac Chávajay Choc Chub Coc Coy Cuc Cumes Cuxum Ical Ixcoy Ixcot Ixmatá Jolomná K'anil Mucú Pop Poou
Q'eq Quej Quinich Raxón Sacul Sajché Tiul Toj Tum Tut Tz'unun Tzoc Tzul Xicará Xocol Xol Yat Yaxón Yoc
""".split()
CUBAN_GIRLS = "Yusleidys Yanisleidy Dayana Lisandra Yaquelín Mileidys Odalys Yamilé Arianna Daymaris Leidys Maidelín Yeney Yudith".split()
CUBAN_BOYS = (
    "Yoandry Yosvany Yunior Lázaro Osmany Reinier Alexei Dayron Leandro Michel Orlando Raidel Yasmany Yoel".split()
)
HAITIAN_GIRLS = (
    "Marie Guerline Mirlande Nadège Roseline Widelène Fabiola Islande Jésula Ketty Lovely Manoucheka Rose-Laure".split()
)
HAITIAN_BOYS = "Jean Pierre Wilner Frantz Jacques Réginald Evens Jocelyn Kesnel Makenson Patrick Stanley Wesner Jean-Robert".split()
HAITIAN_SURNAMES = """
Augustin Beaubrun Bellevue Célestin Charles Cherfils Delva Desrosiers Dorvil Estimé Exantus Fleurimond Joseph Jeudy Laguerre
Louissaint Mondésir Noël Paulémond Petit-Frère Saintil Toussaint Valcin
""".split()
BRAZILIAN_GIRLS = "Aline Bruna Débora Eliane Fabiana Jéssica Juliana Larissa Letícia Luana Priscila Raíssa Simone Tainá Vitória".split()
BRAZILIAN_BOYS = "Caio Cauã Edson Fabrício Gilson João Júlio Leandro Marcelo Otávio Rodrigo Thiago Valdir Vinícius Wellington".split()
BRAZILIAN_SURNAMES = """
Almeida Araújo Azevedo Barbosa Cardoso Carvalho Cavalcante Costa Ferreira Gonçalves Guimarães Lima Magalhães Moura Nascimento
Nogueira Oliveira Pereira Ribeiro Rocha Silva Souza Teixeira Vasconcelos
""".split()
BRAZILIAN_WITH_PARTICLES = ("da Silva", "dos Santos", "de Oliveira", "da Conceição", "do Nascimento", "dos Anjos")


@dataclass(frozen=True, slots=True)
class Pool:
    """The names of a country: for girls, for boys, surnames, and how often a second given name comes."""

    girls: Sequence[str]
    boys: Sequence[str]
    surnames: Sequence[str]
    particles: Sequence[str]
    second_given: float = 0.6
    second_surname: float = 0.92
    particle: float = 0.03


LATIN = Pool(GIRLS, BOYS, SURNAMES, WITH_PARTICLES)
CUBAN = Pool([*CUBAN_GIRLS, *GIRLS], [*CUBAN_BOYS, *BOYS], SURNAMES, WITH_PARTICLES, second_given=0.4)
HAITIAN = Pool(HAITIAN_GIRLS, HAITIAN_BOYS, HAITIAN_SURNAMES, HAITIAN_SURNAMES, second_given=0.3, second_surname=0.1)
BRAZILIAN = Pool(BRAZILIAN_GIRLS, BRAZILIAN_BOYS, BRAZILIAN_SURNAMES, BRAZILIAN_WITH_PARTICLES, particle=0.3)
POOLS = {"CU": CUBAN, "HT": HAITIAN, "BR": BRAZILIAN}
MAYAN_LANGUAGES = frozenset(("mam", "quc", "kek", "kjb", "knj", "acr", "cac", "jac", "cak"))


@dataclass(frozen=True, slots=True)
class Namer:
    """Names for the people of one household, who share surnames as families do."""

    rng: Random
    nationality: str
    language: str

    @property
    def pool(self) -> Pool:
        """The names of their country."""
        return POOLS.get(self.nationality, LATIN)

    def given(self, sex: str) -> str:
        """One given name, or two."""
        names = self.pool.girls if sex == "F" else self.pool.boys
        first = self.rng.choice(names)
        second = self.rng.choice(names)
        return f"{first} {second}" if second != first and self.rng.random() < self.pool.second_given else first

    def surname(self) -> str:
        """One surname, perhaps with its particles."""
        if self.language in MAYAN_LANGUAGES or (self.nationality == "GT" and self.rng.random() < 0.25):
            return self.rng.choice(MAYAN)
        if self.rng.random() < self.pool.particle:
            return self.rng.choice(self.pool.particles)
        return self.rng.choice(self.pool.surnames)

    def surnames(self) -> tuple[str, str]:
        """The two surnames of a person, the second sometimes missing."""
        return self.surname(), self.surname() if self.rng.random() < self.pool.second_surname else ""
