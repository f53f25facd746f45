"""The command line: the only place that reads arguments, prints and exits."""

from lightdiar.common import commandline
from lightdiar.errors import DoubtfulResultWarning

COMMANDS = tuple(
    "count diarize page report bechdel stream label convert speech features enrol add remove voices verify identify "
    "link score trials tune manifest corpus events models train demo".split()
)
_DESCRIPTION = """\
Who speaks when in a recording, how many men and women, and who they are: classical statistics, no deep learning, no
network.

  lightdiar count film.wav                    men and women who speak
  lightdiar diarize film.wav                  the turns and the speakers
  lightdiar diarize *.wav --out results       RTTM and JSON of every file
  lightdiar diarize film.wav --format srt     in a format of other tools: SRT, WebVTT, TextGrid, EAF, CSV
  lightdiar page                              a page in the browser: drop or record a sound, correct, save
  lightdiar report film.wav --out film.html   one page for people: who speaks how much, when and with whom
  lightdiar bechdel film.wav                  do two women speak, and to each other? with probabilities
  lightdiar stream --microphone               who speaks, while they speak
  lightdiar label film.srt film.wav           a subtitle with the speaker of each cue
  lightdiar convert *.eaf --to rttm --out o   turns from one format to another
  lightdiar speech film.wav                   where somebody speaks
  lightdiar features film.wav --out film.npz  MFCC, pitch and voicing every 10 ms
  lightdiar enrol class/ --out class.voices   learn the voices of people, a folder for each
  lightdiar identify who.wav --voices class.voices
  lightdiar diarize film.wav --voices class.voices
  lightdiar link episodes/*.wav --out who.csv the same people in many files
  lightdiar score reference/ results/         diarization error rate
  lightdiar trials class/                     how well these people are told apart by their voices
  lightdiar tune mine/*.wav --out mine.json   settings for your kind of recording, where you know the truth
  lightdiar manifest LibriSpeech/ --out m.csv a data set as it comes, as a table for train, trials, tune, corpus
  lightdiar corpus films/ --out results       all recordings of a folder or a list; run again to go on
  lightdiar events apply film.wav             what is heard besides speech, and models of your own
  lightdiar train                             every shipped parameter anew, from manifests of speech and noise
  lightdiar models                            where the shipped models come from
  lightdiar demo                              a synthetic conversation, diarized and scored

Sound: WAV, FLAC, OGG and MP3 at any rate and channel count; mp4, mkv, m4a and others if ffmpeg is on the PATH.
"""
_EPILOG = """\
Outputs never replace a file that lightdiar did not write, without --overwrite.
Exit status: 0 done, 2 a file or an argument could not be used (the others are done) or output was lost,
130 interrupted.
`lightdiar COMMAND --help` lists the options of a command. Put -- before a file name that starts with -."""


def main(argv=None):
    """Run the command line and return the exit status."""
    return commandline.run("lightdiar", __name__, COMMANDS, _DESCRIPTION, _EPILOG, DoubtfulResultWarning, argv)
