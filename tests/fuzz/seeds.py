"""Sound inputs of every format, made here: what the mutations start from."""

import csv
import gzip
import io
import json
import re
import shutil
import subprocess
import tempfile
import warnings
import wave
import zipfile
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

RATE = 16000
SOUNDS = {  # ending: (format of soundfile, subtypes)
    "wav": ("WAV", "PCM_U8 PCM_16 PCM_24 PCM_32 FLOAT DOUBLE ULAW ALAW IMA_ADPCM MS_ADPCM GSM610 G721_32 NMS_ADPCM_16"),
    "wavex": ("WAVEX", "PCM_16 FLOAT"),
    "rf64": ("RF64", "PCM_16"),
    "flac": ("FLAC", "PCM_16 PCM_24"),
    "ogg": ("OGG", "VORBIS OPUS"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
    "aiff": ("AIFF", "PCM_16 PCM_24 FLOAT ULAW GSM610"),
    "au": ("AU", "PCM_16 ULAW FLOAT G721_32"),
    "caf": ("CAF", "PCM_16 ALAC_16 ULAW"),
    "w64": ("W64", "PCM_16 FLOAT"),
    "voc": ("VOC", "PCM_16"),
    "nist": ("NIST", "PCM_16 ULAW"),
    "sds": ("SDS", "PCM_16"),
    "xi": ("XI", "DPCM_16"),
    "mat": ("MAT5", "PCM_16 FLOAT"),
    "paf": ("PAF", "PCM_16"),
    "svx": ("SVX", "PCM_16"),
    "ircam": ("IRCAM", "PCM_16"),
    "avr": ("AVR", "PCM_16"),
    "htk": ("HTK", "PCM_16"),
    "pvf": ("PVF", "PCM_16"),
}
FILMS = {  # ending: arguments of ffmpeg
    "m4a": "-c:a aac -b:a 48k",
    "mp4": "-c:a aac -b:a 48k -movflags +faststart",
    "mkv": "-c:a libopus -b:a 24k",
    "webm": "-c:a libopus -b:a 24k",
    "avi": "-c:a pcm_s16le",
    "ts": "-c:a aac -b:a 48k -f mpegts",
    "amr": "-ar 8000 -ac 1 -c:a libopencore_amrnb",
    "wma": "-c:a wmav2",
    "mka": "-c:a ac3",
    "adts.aac": "-c:a aac -f adts",
}
PEOPLE = ("Adam", "Bruno", "Clara")  # synthetic voices, who are enrolled
PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n" + b"#EXTINF:10,\n/etc/hostname\n" * 3000 + b"#EXT-X-ENDLIST\n"
CONCAT = b"ffconcat version 1.0\n" + b"file source.wav\n" * 3000  # texts that name other files, and hours of them
COLUMNS = ("imdb_id", "title", "year", "rating", "genres", "runtime", "language", "country", "budget")
SHARES = ("cast_female_share", "director_female_share", "writer_female_share")
GENRES = ("Drama", "War", "Comedy", "Horror|Drama", "Romance", "Science Fiction|Action")


VOICES = "class.voices"  # among the sounds, the file of voices


@lru_cache(maxsize=1)
def voices() -> np.ndarray:
    """A man and a woman, 1.3 s each, float32 at 16 kHz."""
    from lightdiar.training.synthesis import VOICES, synthesize_speech

    return np.concatenate([synthesize_speech(VOICES[name], 1.3, seed=1) for name in ("Adam", "Clara")])


def made(folder: Path) -> dict[str, bytes]:
    """What takes long to make: all `sounds`, and a file of voices by the name `VOICES`."""
    return {**sounds(folder), VOICES: enrolled(folder)}


def sounds(folder: Path) -> dict[str, bytes]:
    """A file of each kind of sound, by a name that ends as the file should.

    Kinds that this machine cannot write (an older libsndfile, no ffmpeg) are left out.
    """
    import soundfile

    found = {}
    mono, stereo = voices(), np.column_stack([voices(), voices()[::-1]])
    for ending, (container, subtypes) in SOUNDS.items():
        for subtype in subtypes.split():
            buffer = io.BytesIO()
            slow = subtype in ("GSM610", "G721_32", "NMS_ADPCM_16") or container in ("HTK", "SVX", "XI")
            samples, rate = (mono[::2], 8000) if slow else (stereo if ending in ("flac", "aiff") else mono, RATE)
            try:
                soundfile.write(buffer, samples, rate, subtype=subtype, format=container)
            except (ValueError, RuntimeError, TypeError):
                continue
            found[f"{subtype.lower()}.{ending}"] = buffer.getvalue()
    found |= {"playlist.m3u8": PLAYLIST, "playlist.mp4": PLAYLIST, "concat.mp4": CONCAT}
    program = shutil.which("ffmpeg")
    source = folder / "source.wav"
    source.write_bytes(found["pcm_16.wav"])
    for ending, how in FILMS.items() if program else ():
        out = folder / f"made.{ending}"
        command = [program, "-v", "error", "-nostdin", "-y", "-i", source, *how.split(), "-bitexact", out]
        if not subprocess.run(command, capture_output=True).returncode:
            found[f"film.{ending}"] = out.read_bytes()
    return found


def enrolled(folder: Path) -> bytes:
    """A file of the voices of the `PEOPLE`, of whom the first has two sessions."""
    from lightdiar.recognition.voices import Voices

    for name in PEOPLE:
        (folder / f"{name}.wav").write_bytes(voice_wav(name))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # there is little speech
        everybody = Voices.enrol({name: folder / f"{name}.wav" for name in PEOPLE})
        everybody.add(PEOPLE[0], folder / f"{PEOPLE[0]}.wav")
    everybody.save(folder / VOICES)
    return (folder / VOICES).read_bytes()


@lru_cache(maxsize=1)
def turns() -> dict[str, str]:
    """A file of turns in each format, by its ending."""
    from lightdiar.io.formats import FORMATS
    from lightdiar.systems.conversion import result_of, results_text
    from lightdiar.timeline import Annotation, Turn

    talk = Annotation([Turn(0.5, 2.5, "ann"), Turn(2, 3.25, 'bob "B"'), Turn(4, 7, "ann"), Turn(6, 8, "<c> & =d")])
    return {form.suffix: results_text([result_of(talk)], name) for name, form in FORMATS.items()}


def tiny_wav(seconds: float = 0.3) -> bytes:
    """A short 16-bit WAV."""
    return _wav(voices()[: int(seconds * RATE)])


@lru_cache(maxsize=4)
def voice_wav(name: str) -> bytes:
    """One of the synthetic `PEOPLE`, long enough to be enrolled: 4.5 s."""
    from lightdiar.training.synthesis import VOICES as SYNTHETIC
    from lightdiar.training.synthesis import synthesize_speech

    return _wav(synthesize_speech(SYNTHETIC[name], 4.5, seed=1))


@lru_cache(maxsize=1)
def event_model() -> dict[str, bytes]:
    """The files of a small model of sound events: a logistic regression, and a tree."""
    from lightdiar.events.decoding import Decoding
    from lightdiar.events.features import FrontEnd
    from lightdiar.events.logistic import Logistic
    from lightdiar.events.model import EventModel
    from lightdiar.models.boosting import Boosting

    front_end = FrontEnd(8000, n_filters=4, context=(), average=False, envelope=False, reference="none")
    nodes = [np.array(numbers, float) for numbers in ([0, 3, 0], [-7, 0, 0], [1, 1, 2], [2, 1, 2], [0, -1, 1])]
    classifiers = Logistic(np.full(4, 0.25), 7.0), Boosting(np.zeros(1), *nodes, 0.5)
    model = EventModel(("loud", "high"), front_end, classifiers, Decoding([0.5, 0.4], [1, 3], [2, 2], [2, 2]))
    with tempfile.TemporaryDirectory() as folder:
        model.save(folder, {"licence": ["none"]})
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def _wav(samples):
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return buffer.getvalue()


@lru_cache(maxsize=4)
def film_rows(n_films: int = 120) -> list[dict]:
    """Invented films: more women in the cast, more of them pass."""
    rng = np.random.default_rng(3)
    rows = []
    for number in range(1, n_films + 1):
        share = rng.uniform(0, 0.8)
        passes = rng.random() < 1 / (1 + np.exp(-5 * (share - 0.4)))
        row = (
            f"tt{number:07d}",
            f"Invented Film {number}",
            int(rng.integers(1950, 2020)),
            3 if passes else int(rng.integers(0, 3)),
            str(rng.choice(GENRES)),
            int(rng.integers(80, 150)),
            str(rng.choice(["en", "fr"])),
            str(rng.choice(["United States", "France"])),
            round(10 ** rng.uniform(5.5, 8)),
        )
        shares = (round(share, 3), int(rng.integers(0, 2)), int(rng.integers(0, 2)))
        rows.append(dict(zip(COLUMNS + SHARES, row + shares)))
    return rows


def ear_rows(n_recordings: int = 60) -> list[dict]:
    """What is heard in recordings of the first invented films."""
    rng = np.random.default_rng(4)
    rows = []
    for number, film in enumerate(film_rows()[:n_recordings], 1):
        talk = round(float(rng.beta(2, 1) if film["rating"] == 3 else rng.beta(1, 2)), 3)
        share = round(float(rng.uniform(0.1, 0.8)), 3)
        name = film["imdb_id"] if number % 2 else f"{film['title']} ({film['year']})"
        row = {"recording": name, "duration": 5400.5, "speech_seconds": 2000.25, "n_women": 2, "n_men": 3}
        row |= {"female_share": share, "female_share_low": share / 2, "female_share_high": (1 + share) / 2}
        row |= {"p_two_women": (1 + talk) / 2, "p_women_talk": talk, "exchanges": 1, "exchange_seconds": 25.0}
        rows.append(row | {"places": "0:01:05-0:01:30"})
    return rows


def bechdeltest() -> list[dict]:
    """Records as bechdeltest.com sends them."""
    return [
        {"rating": row["rating"], "id": number, "year": row["year"], "title": f"Sea &amp; Sky {number}, The"}
        | {"imdbid": row["imdb_id"][2:]}
        for number, row in enumerate(film_rows(), 1)
    ]


def tmdb(n_films: int = 40) -> list[dict]:
    """Records as TMDB sends them, with credits."""
    return [
        {
            "id": 1000 + number,
            "imdb_id": row["imdb_id"],
            "title": row["title"],
            "original_title": row["title"],
            "release_date": f"{row['year']}-05-01",
            "budget": row["budget"],
            "runtime": row["runtime"],
            "original_language": row["language"],
            "genres": [{"id": 18, "name": name} for name in row["genres"].split("|")],
            "production_countries": [{"iso_3166_1": "FR", "name": row["country"]}],
            "spoken_languages": [{"iso_639_1": "fr", "name": "French"}],
            "vote_average": 6.5,
            "vote_count": 100 + number,
            "overview": "A woman and her sister meet a man.",
            "credits": {
                "cast": [{"name": f"P {k}", "gender": 1 + (k + number) % 2, "order": k} for k in range(4)],
                "crew": [{"name": "Q", "gender": 1 + number % 2, "job": "Director", "department": "Directing"}],
            },
            "rating": row["rating"],
        }
        for number, row in enumerate(film_rows(n_films))
    ]


def table(rows: list[dict], delimiter: str = ",") -> bytes:
    """Rows as CSV; lists and dicts become literals, as in public dumps."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]), delimiter=delimiter, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8", "surrogatepass")


def film_file(rows: list[dict], ending: str) -> bytes:
    """Films in one of the forms that are read; the ending says which."""
    plain = ending.removesuffix(".gz")
    if plain in (".csv", ".tsv"):
        content = table(rows, "\t" if plain == ".tsv" else ",")
    elif plain == ".xlsx":
        content = _workbook(rows)
    elif plain == ".jsonl":
        content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    else:
        content = json.dumps(rows).encode()
    return gzip.compress(content, mtime=0) if ending.endswith(".gz") else content


_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _workbook(rows):
    """Films in a sheet of Excel, as small as it can be; the same rows give the same bytes."""
    cells = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    texts = [[escape(_NOT_IN_XML.sub("", cell)) for cell in row] for row in cells]
    xml = ("".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row) for row in texts)
    lines = "".join(f"<row>{row}</row>" for row in xml)
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/s.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="a" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets><sheet name="films" sheetId="1" '
        'r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="a" '
        f'Type="{_OFFICE}/worksheet" Target="s.xml"/></Relationships>',
        "xl/s.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{lines}</sheetData></worksheet>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return buffer.getvalue()


RTTM = "".join(
    f"SPEAKER {name} 1 {start:.3f} {length:.3f} <NA> <NA> {speaker} <NA> <NA>\n"
    for name in ("news", "talk")
    for start, length, speaker in ((0.5, 2.0, "ann"), (2.5, 1.25, "bob"), (4.0, 3.0, "ann"), (6.0, 2.5, "cy"))
)
SUBTITLE = "1\n00:00:00,100 --> 00:00:02,000\nHello\nyou\n\n2\n00:00:01,500 --> 00:00:03,000\nBye.\n"
UEM = "news 1 0.000 6.500\ntalk 1 1.000 8.000\n"
LAB = "0.50\t2.50\tann\n2.50\t3.75\tbob speaks\n;; a comment\n4.0 7.0 ann\n"
GENDERS = "speaker,gender,age\nann,F,31\nbob,M,\ncy,child,9\ndee,,40\n"
TRIALS = "label,enrol,test\n1,a.wav,b.wav\n0,a.wav,c.wav\n0 c.wav b.wav\na.wav a.wav target\nb.wav c.wav nontarget\n"
SETTINGS = '{\n  "speech_bias": 0.5,\n  "pause": 0.8,\n  "speaker_prior": 12,\n  "loop_probability": 0.9\n}\n'
EVENTS = (  # lists of sound events, in the forms that are read
    "a.wav\tstreet\t0.200\t0.900\tcar\na.wav\tstreet\t0.500\t1.000\tbrakes squeaking\nb.wav\tstreet\n",
    "a.wav\t0.2\t0.9\tcar\nb.wav\t0\t0.3\tchildren\n",
    "0.2,0.9,car\n0.5,1.0,children\n",
    'filename,onset,offset,event_label,fold\na.wav,0.2,0.9,car,1\nb.wav,0,0.25,"people, walking",2\n',
    "path;label;start;seconds;subset\na.wav;car;0,2;0,7;train\nb.wav;=1+1;0;0,3;test\n",
    "SPEAKER a 1 0.200 0.700 <NA> <NA> car <NA> <NA>\nSPEAKER b 1 0.000 0.300 <NA> <NA> speech <NA> <NA>\n",
)
SPLITS = {  # of a corpus in the layout of DCASE, with two recordings
    "meta.txt": EVENTS[0],
    "evaluation_setup/fold1_train.txt": EVENTS[0].replace("b.wav", "c.wav"),
    "evaluation_setup/fold1_test.txt": "b.wav\tstreet\n",
    "evaluation_setup/fold1_evaluate.txt": "b.wav\tstreet\t0\t0.25\tcar\n",
}
SPEECH_MANIFEST = "path,speaker,gender,age\nabsent/a.wav,ann,F,31\nabsent/b.wav,bob,M,50\nabsent/c.wav,cy,F,9\n"
_CLIPS = "client_id\tpath\tage\tgender\tlocale\nabc\t1.mp3\tteens\tmale\tbr\ndef\t2.mp3\t\tfemale_feminine\tbr\n"
_WORDS = (
    '<root>\n<w starttime="0.1" endtime="0.5">Hi</w>\n<w starttime="0.5" endtime="0.9" punc="true">,</w>\n</root>\n'
)
DATA_SETS = {  # texts of data sets, and a sound of each
    "SPEAKERS.TXT": ("; about\n14 | F | dev | 8.02 | Ann B.\n60 | M | dev | 8 | |CBW|Simon\n", "14/8/14-8-0000.wav"),
    "vox1_meta.csv": ("VoxCeleb1 ID\tVGGFace1 ID\tGender\nid10001\tA\tm\nid10002\tB\tf\n", "id10001/v/00001.wav"),
    "validated.tsv": (_CLIPS, "clips/1.wav"),
    "words/ES2002a.A.words.xml": (_WORDS, "ES2002a.Mix-Headset.wav"),
    "all.rttm": (RTTM, "news.wav"),
    "genders.csv": (GENDERS, "ann/1.wav"),
}
NOISE_MANIFEST = "path,kind\nnoise.wav,noise\nmusic.wav,music\n"
FORMULAS = (
    "passes ~ year",
    "passes ~ genre_war + rcs(year, (1960, 1985, 2010))",
    "passes ~ C(language) * cast_female_share",
    "passes ~ log(runtime) + bs(year, df=4) + half_hour",
    "passes ~ cr(year, df=3) + director_female_share - 1",
    "passes ~ (year + runtime) ** 2 + C(country, Treatment('France'))",
    "rating ~ cast_female_share + decade",
)
