"""Words and first names that speak of women or of men, in titles and in summaries of plots.

All were fixed before looking at the outcome of any film. First names are those of the census of the United States of
1990 (US Census Bureau, `dist.female.first` and `dist.male.first`, in the public domain) that at least 0.02 % of women
or men had, at least ten times as often as the other; names that are also words or places (April, Virginia, Frank,
Dallas) are left out.
"""

import re
import unicodedata

WOMEN_WORDS = frozenset(
    "she her hers herself woman women girl girls girlfriend mother mothers mom mum daughter daughters sister sisters "
    "wife wives widow queen princess lady ladies actress aunt grandmother bride bridesmaid female heroine nun "
    "schoolgirl waitress witch niece heiress lesbian pregnant maid mrs ms miss".split()
)
MEN_WORDS = frozenset(
    "he him his himself man men boy boys boyfriend father fathers dad son sons brother brothers husband king prince "
    "gentleman actor uncle grandfather groom male hero mr sir nephew soldier soldiers guy guys".split()
)
# Titles are also in other languages, and shorter: the same kind of words in French, German, Spanish and Italian, and
# more of them in English; words for both (senior, lovers) are left out.
WOMEN_IN_TITLES = frozenset(
    "ballerina countess dame dames diva divas duchess empress gal gals girlfriends godmother goddess goddesses "
    "grandma heroines housewife housewives lesbians ma maiden maidens mama mamma maman mistress mme mlle madam madame "
    "mademoiselle mommy mummy nuns princesses queens schoolgirls sorceress stepmom stepmother stepsister stepsisters "
    "waitresses widows witches brides bridesmaids femme femmes fille filles soeur soeurs reine reines princesse veuve "
    "amie amies frau frauen madchen schwester schwestern konigin mutter tochter mujer mujeres chica chicas ninas "
    "senora senoras senorita reina hermana hermanas madre hija donna donne ragazza ragazze signora signore signorina "
    "sorella sorelle figlia".split()
)
MEN_IN_TITLES = frozenset(
    "bachelor bachelors baron boyfriends boyz caveman cowboy cowboys daddy dads duke dude dudes emperor fella fellas "
    "gentlemen godfather grandpa grooms kings lad lads lord lords monk monks monsieur papa pope priest priests "
    "princes schoolboy stepfather uncles husbands nephews homme hommes garcon garcons roi rois frere freres fils ami "
    "amis mann manner bruder konig vater sohn herr hombre hombres rey reyes hermano hermanos chico chicos padre hijo "
    "senor uomo uomini ragazzo ragazzi signor fratello fratelli figlio".split()
)
WOMEN_NAMES = frozenset(
    "abigail ada addie adele adriana adrienne agnes aida aimee alexandra alice alicia alisa alisha alison allison "
    "alma alyssa amanda amelia amy ana andrea angela angelica angelina angie anita ann anna anne annette annie "
    "antoinette arlene ashley audrey barbara beatrice becky belinda bernadette bernice bertha bessie beth bethany "
    "betsy bettie betty beulah beverly blanca bonnie brandi brenda bridget brittany brittney caitlin camille candace "
    "candice cara carla carmen carole caroline carolyn carrie cassandra cassie catherine cathy cecelia cecilia "
    "celeste celia charlene charlotte cheri cherie cheryl christa christie christina christine christy cindy claire "
    "clara claudia colleen connie consuelo cora corinne cristina cynthia danielle darla darlene deanna debbie debora "
    "deborah debra delia della delores deloris dena denise desiree diana diane dianna dianne dina dolores dora doreen "
    "doris dorothea dorothy dorthy edith edna effie eileen elaine eleanor elena elisa elisabeth elizabeth ella ellen "
    "eloise elsa elsie elva elvira emily emma erica erika erin erma ernestine essie estella estelle esther ethel etta "
    "eugenia eula eunice eva evelyn fannie fay faye felicia frances francine francisca freda gail gayle genevieve "
    "geraldine gertrude gina gladys glenda gloria gretchen gwen gwendolyn hannah harriet hattie heidi helen helena "
    "helene henrietta hilda ida inez ingrid irene irma isabel iva jacqueline jacquelyn jana jane janelle janet "
    "janette janice janie janine janis jasmine jeanette jeanne jeannette jeannie jenifer jenna jennie jennifer jenny "
    "jessica jill jillian joan joann joanna joanne jodi johanna josefina josephine josie joyce juana juanita judith "
    "judy julia julie kara karen kari karin karla kate katherine kathleen kathryn kathy katie katrina kayla kelli "
    "kellie kelsey kendra kerri kimberley kimberly krista kristen kristi kristie kristin kristina kristine kristy "
    "krystal lana latasha latonya latoya laura lauren laurie leah lela lena lenora leona leticia lila lillian lillie "
    "linda lindsay lisa lois lola lora lorena lorene loretta lori lorna lorraine lottie louise lourdes lucia lucille "
    "lucinda lucy lula lydia lynda lynette lynne mabel mable madeline mae maggie mamie mandy marcella marcia margaret "
    "margarita margie marguerite maria marian marianne maribel marie marilyn marina marissa marjorie marla marlene "
    "marsha marta martha mary maryann mattie maude maureen maxine megan meghan melanie melba melinda melissa meredith "
    "michele michelle mildred mindy minnie miranda miriam mollie molly mona monica monique muriel myra myrna nadine "
    "nancy naomi natalie natasha nell nellie nettie nichole nicole nikki nina nora norma olga olivia pam pamela "
    "patrica patrice patricia patsy patti patty paula paulette pauline peggy phyllis polly priscilla rachael rachel "
    "ramona raquel reba rebecca rebekah regina rena renee rhonda rita roberta rochelle ronda rosa rosalie rosemarie "
    "rosemary rosetta rosie roxanne ruth sabrina sadie sallie sally samantha sandra sara sarah shanna shari sharon "
    "shawna sheila shelia shelley shelly sheri sherri sherrie sheryl shirley silvia sonia sonja sonya sophia sophie "
    "stacie stefanie stella stephanie susan susanne susie suzanne sylvia tabitha tamara tami tamika tammie tammy "
    "tanya tara teresa teri terri thelma theresa therese tina toni tonya traci tracie tricia trina trisha trudy "
    "valerie vanessa velma vera verna veronica vicki vickie vicky victoria vivian wanda wendy wilma winifred yolanda "
    "yvette yvonne".split()
)
MEN_NAMES = frozenset(
    "aaron abraham adam alan albert alberto alejandro alex alexander alfonso alfred alfredo allan allen alonzo alton "
    "alvin amos andre andres andrew andy angelo anthony antonio archie armando arnold arthur arturo barry ben "
    "benjamin benny bernard bert billy blake bob bobby bradley brandon brent brett brian bruce bryan bryant byron "
    "caleb calvin carl carlos carlton cecil cedric cesar charles charlie christopher clarence claude clayton clifford "
    "clifton clint clyde cody colin cornelius cory craig curtis damon dan daniel danny darin darnell darrel darrell "
    "darren darryl daryl dave david delbert dennis derek derrick dexter dominic donald doug douglas doyle duane "
    "dustin dwayne dwight eddie edgar edmund eduardo edward edwin elbert elias ellis elmer enrique eric erick erik "
    "ernest ernesto ervin eugene evan everett felipe felix fernando floyd francisco fred frederick fredrick gabriel "
    "garrett garry gary geoffrey george gerald gerard gerardo gilbert gilberto glen glenn gordon greg gregg gregory "
    "guillermo gustavo harold harry harvey hector henry herbert herman horace howard hubert hugh hugo ian ignacio "
    "irvin irving isaac ismael ivan jacob jake james jared jason javier jeff jeffery jeffrey jeremiah jeremy jermaine "
    "jerome jerry jesse jim jimmy joe joel joey john johnathan johnny jon jonathan jonathon jorge jose joseph josh "
    "joshua juan julian julio julius justin karl keith ken kenneth kenny kevin kristopher kurt kyle lamar larry "
    "laurence lawrence leland leo leon leonard leroy lester lewis lionel lloyd lonnie lorenzo louis lucas luis luke "
    "luther lyle malcolm manuel marc marco marcos marcus mario martin marvin mathew matt matthew maurice melvin "
    "michael micheal miguel mike mitchell morris moses myron nathan nathaniel neal neil nicholas nicolas noah oliver "
    "omar orville oscar otis owen pablo patrick paul pedro pete peter phil philip phillip rafael ralph ramiro ramon "
    "randal randall randolph randy raul raymond reginald ricardo richard rickey ricky robert roberto roderick rodney "
    "rodolfo rogelio roger roland rolando ron ronald ronnie roy ruben rudolph rudy rufus russell ryan salvatore sam "
    "sammy samuel scott sean sergio seth shane shaun sheldon sidney simon spencer stanley stephen steve steven "
    "stewart stuart sylvester ted terence terrance terrell terrence theodore thomas tim timothy todd tom tomas tommy "
    "tony travis trevor tyrone vernon victor vincent wallace walter wendell wesley wilbert wilbur wilfred willard "
    "william willis woodrow zachary".split()
)

_WOMEN = WOMEN_WORDS | WOMEN_IN_TITLES | WOMEN_NAMES
_MEN = MEN_WORDS | MEN_IN_TITLES | MEN_NAMES


def people_in_title(title: str) -> tuple[bool, bool]:
    """Return whether a title names a woman, and whether it names a man, by a word or a first name.

    Examples
    --------
    >>> people_in_title("Thelma & Louise"), people_in_title("Jules et Jim"), people_in_title("Alien")
    ((True, False), (False, True), (False, False))
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = set(re.findall("[a-z]+", plain))
    return not words.isdisjoint(_WOMEN), not words.isdisjoint(_MEN)
