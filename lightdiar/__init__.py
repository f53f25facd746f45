"""lightdiar: who speaks when, and how many men and women, with classical statistics on any laptop.

>>> import lightdiar
>>> lightdiar.count_speakers("film.wav")  # doctest: +SKIP
{'M': 2, 'F': 1}
"""

from typing import TYPE_CHECKING

from lightdiar._version import __version__
from lightdiar.common.lazy import lazy

_HOMES = {
    name: module
    for module, names in {
        "systems.diarizer": "count_speakers detect_speech diarize Diarizer UntrainedDiarizer",
        "systems.stages": "Stages",
        "systems.result": "Diarization Speaker",
        "systems.conversion": "read_turns write_turns",
        "systems.settings": "Settings PRESETS",
        "systems.bundle": "Models",
        "live.stream": "Stream",
        "live.update": "Update Gap Merge",
        "recognition.voices": "Voices",
        "recognition.answers": "Verification Identification",
        "recognition.linking": "link Linking",
        "recognition.trials": "evaluate_people evaluate_trials",
        "recognition.trial_report": "TrialReport",
        "recognition.comparison": "compare_methods MethodComparison",
        "recognition.methods": "METHODS Method",
        "recognition.people": "find_people",
        "datasets.manifest": "manifest Manifest",
        "events.corpus": "read_corpus",
        "events.labels": "LabelSet",
        "events.mixing": "mix_scene place_sounds draw_schedule PlacedSound",
        "events.result": "SoundEvents",
        "events.features": "FrontEnd",
        "events.model": "EventModel",
        "events.detector": "detect_events",
        "events.tagging": "Tagger fit_tagger",
        "events.experiment": "train_experiment",
        "events.assessment": "evaluate_experiment",
        "representation.dialogue": "find_exchanges who_answers_whom Exchange Answers",
        "representation.counts": "count_probabilities CountProbabilities",
        "representation.bechdel": "bechdel_by_ear BechdelByEar WomensExchange",
        "report.recording": "recording_report",
        "report.folder": "folder_report",
        "report.sound": "sound_for Sound",
        "report.results": "read_results Results",
        "training.tuning": "tune Tuning",
        "training.synthesis": "synthesize_conversation",
        "timeline": "Annotation Segment Turn Event",
        "io.audio": "Audio read write to_mono",
        "io.tracks": "Track audio_tracks",
        "io.resample": "resample",
        "io.rttm": "read_rttm write_rttm",
        "io.textgrid": "read_textgrid",
        "io.eaf": "read_eaf",
        "io.uem": "read_uem write_uem",
        "io.lab": "read_lab",
        "io.genders": "read_genders",
        "io.trials": "Trial read_trials",
        "io.event_lists": "read_event_list ListedRecording",
        "signal.frames": "FrameGrid",
        "signal.features": "log_mel mfcc deltas cmvn sliding_cmvn warp",
        "signal.lpc": "lpc_cepstra",
        "signal.pitch": "f0 Pitch",
        "signal.frontend": "analyse Analysis",
        "metrics.diarization": "diarization_error DiarizationScore jaccard_error_rate purity coverage gender_error "
        "speaker_count_error",
        "metrics.changes": "change_points change_point_score ChangePointScore",
        "metrics.verification": "equal_error_rate minimum_cost actual_cost cllr minimum_cllr detection_rates "
        "DetectionRates",
        "metrics.identification": "identification_rate open_set_identification drawn_open_set OpenSetFigures "
        "confusion_table",
        "metrics.bootstrap": "speaker_intervals recording_intervals",
        "metrics.bcubed": "bcubed BCubed",
        "metrics.calibration": "calibration Calibration",
        "metrics.event_counts": "EventCounts SegmentCounts",
        "metrics.sound_events": "segment_based event_based",
        "metrics.tagging": "tagging TaggingCounts",
        "show.svg": "timeline_svg",
        "show.timeline": "plot_timeline",
        "show.spectrogram": "plot_spectrogram",
        "show.events": "plot_events plot_events_over_spectrogram plot_confusion",
        "show.features": "plot_features",
        "show.speech": "plot_speech",
        "show.similarity": "plot_similarity",
        "show.gender": "plot_gender",
        "show.counts": "plot_counts",
        "show.verification": "plot_det plot_scores plot_reliability",
        "models.gaussian": "delta_bic",
        "models.gmm": "GMM fit_gmm map_adapt log_likelihood_ratio",
        "models.ivectors": "TotalVariability fit_total_variability supervectors",
        "models.plda": "PLDA Projection fit_plda fit_lda fit_wccn cosine_scores",
        "models.svm": "LinearSVM fit_linear_svm",
        "models.normalisation": "adaptive_s_norm",
        "models.vbhmm": "vb_hmm",
        "models.viterbi": "viterbi",
        "stages.speech": "energy_vad ltsd_vad SpeechDetector",
        "stages.segmentation": "bic_changes uniform_windows",
        "stages.clustering": "cluster_scores cluster_embeddings cluster_bic cluster_nclr",
        "stages.spectral": "cluster_spectral",
        "stages.embedding": "Embedder",
        "stages.gender": "GenderModel",
        "stages.voiceprint": "Voiceprint",
        "errors": "LightdiarError FormatError SpeakerNameError AudioError ModelError DoubtfulResultWarning "
        "LeftOutWarning",
    }.items()
    for name in names.split()
}
__all__ = ["__version__", *_HOMES]
__getattr__, __dir__ = lazy(__name__, _HOMES)

if TYPE_CHECKING:  # the same names, for editors and type checkers
    from lightdiar.datasets.manifest import Manifest as Manifest
    from lightdiar.datasets.manifest import manifest as manifest
    from lightdiar.errors import AudioError as AudioError
    from lightdiar.errors import DoubtfulResultWarning as DoubtfulResultWarning
    from lightdiar.errors import FormatError as FormatError
    from lightdiar.errors import LeftOutWarning as LeftOutWarning
    from lightdiar.errors import LightdiarError as LightdiarError
    from lightdiar.errors import ModelError as ModelError
    from lightdiar.errors import SpeakerNameError as SpeakerNameError
    from lightdiar.events.assessment import evaluate_experiment as evaluate_experiment
    from lightdiar.events.corpus import read_corpus as read_corpus
    from lightdiar.events.detector import detect_events as detect_events
    from lightdiar.events.experiment import train_experiment as train_experiment
    from lightdiar.events.features import FrontEnd as FrontEnd
    from lightdiar.events.labels import LabelSet as LabelSet
    from lightdiar.events.mixing import PlacedSound as PlacedSound
    from lightdiar.events.mixing import draw_schedule as draw_schedule
    from lightdiar.events.mixing import mix_scene as mix_scene
    from lightdiar.events.mixing import place_sounds as place_sounds
    from lightdiar.events.model import EventModel as EventModel
    from lightdiar.events.result import SoundEvents as SoundEvents
    from lightdiar.events.tagging import Tagger as Tagger
    from lightdiar.events.tagging import fit_tagger as fit_tagger
    from lightdiar.io.audio import Audio as Audio
    from lightdiar.io.audio import read as read
    from lightdiar.io.audio import to_mono as to_mono
    from lightdiar.io.audio import write as write
    from lightdiar.io.eaf import read_eaf as read_eaf
    from lightdiar.io.event_lists import ListedRecording as ListedRecording
    from lightdiar.io.event_lists import read_event_list as read_event_list
    from lightdiar.io.genders import read_genders as read_genders
    from lightdiar.io.lab import read_lab as read_lab
    from lightdiar.io.resample import resample as resample
    from lightdiar.io.rttm import read_rttm as read_rttm
    from lightdiar.io.rttm import write_rttm as write_rttm
    from lightdiar.io.textgrid import read_textgrid as read_textgrid
    from lightdiar.io.tracks import Track as Track
    from lightdiar.io.tracks import audio_tracks as audio_tracks
    from lightdiar.io.trials import Trial as Trial
    from lightdiar.io.trials import read_trials as read_trials
    from lightdiar.io.uem import read_uem as read_uem
    from lightdiar.io.uem import write_uem as write_uem
    from lightdiar.live.stream import Stream as Stream
    from lightdiar.live.update import Gap as Gap
    from lightdiar.live.update import Merge as Merge
    from lightdiar.live.update import Update as Update
    from lightdiar.metrics.bcubed import BCubed as BCubed
    from lightdiar.metrics.bcubed import bcubed as bcubed
    from lightdiar.metrics.bootstrap import recording_intervals as recording_intervals
    from lightdiar.metrics.bootstrap import speaker_intervals as speaker_intervals
    from lightdiar.metrics.calibration import Calibration as Calibration
    from lightdiar.metrics.calibration import calibration as calibration
    from lightdiar.metrics.changes import ChangePointScore as ChangePointScore
    from lightdiar.metrics.changes import change_point_score as change_point_score
    from lightdiar.metrics.changes import change_points as change_points
    from lightdiar.metrics.diarization import DiarizationScore as DiarizationScore
    from lightdiar.metrics.diarization import coverage as coverage
    from lightdiar.metrics.diarization import diarization_error as diarization_error
    from lightdiar.metrics.diarization import gender_error as gender_error
    from lightdiar.metrics.diarization import jaccard_error_rate as jaccard_error_rate
    from lightdiar.metrics.diarization import purity as purity
    from lightdiar.metrics.diarization import speaker_count_error as speaker_count_error
    from lightdiar.metrics.event_counts import EventCounts as EventCounts
    from lightdiar.metrics.event_counts import SegmentCounts as SegmentCounts
    from lightdiar.metrics.identification import OpenSetFigures as OpenSetFigures
    from lightdiar.metrics.identification import confusion_table as confusion_table
    from lightdiar.metrics.identification import drawn_open_set as drawn_open_set
    from lightdiar.metrics.identification import identification_rate as identification_rate
    from lightdiar.metrics.identification import open_set_identification as open_set_identification
    from lightdiar.metrics.sound_events import event_based as event_based
    from lightdiar.metrics.sound_events import segment_based as segment_based
    from lightdiar.metrics.tagging import TaggingCounts as TaggingCounts
    from lightdiar.metrics.tagging import tagging as tagging
    from lightdiar.metrics.verification import DetectionRates as DetectionRates
    from lightdiar.metrics.verification import actual_cost as actual_cost
    from lightdiar.metrics.verification import cllr as cllr
    from lightdiar.metrics.verification import detection_rates as detection_rates
    from lightdiar.metrics.verification import equal_error_rate as equal_error_rate
    from lightdiar.metrics.verification import minimum_cllr as minimum_cllr
    from lightdiar.metrics.verification import minimum_cost as minimum_cost
    from lightdiar.models.gaussian import delta_bic as delta_bic
    from lightdiar.models.gmm import GMM as GMM
    from lightdiar.models.gmm import fit_gmm as fit_gmm
    from lightdiar.models.gmm import log_likelihood_ratio as log_likelihood_ratio
    from lightdiar.models.gmm import map_adapt as map_adapt
    from lightdiar.models.ivectors import TotalVariability as TotalVariability
    from lightdiar.models.ivectors import fit_total_variability as fit_total_variability
    from lightdiar.models.ivectors import supervectors as supervectors
    from lightdiar.models.normalisation import adaptive_s_norm as adaptive_s_norm
    from lightdiar.models.plda import PLDA as PLDA
    from lightdiar.models.plda import Projection as Projection
    from lightdiar.models.plda import cosine_scores as cosine_scores
    from lightdiar.models.plda import fit_lda as fit_lda
    from lightdiar.models.plda import fit_plda as fit_plda
    from lightdiar.models.plda import fit_wccn as fit_wccn
    from lightdiar.models.svm import LinearSVM as LinearSVM
    from lightdiar.models.svm import fit_linear_svm as fit_linear_svm
    from lightdiar.models.vbhmm import vb_hmm as vb_hmm
    from lightdiar.models.viterbi import viterbi as viterbi
    from lightdiar.recognition.answers import Identification as Identification
    from lightdiar.recognition.answers import Verification as Verification
    from lightdiar.recognition.comparison import MethodComparison as MethodComparison
    from lightdiar.recognition.comparison import compare_methods as compare_methods
    from lightdiar.recognition.linking import Linking as Linking
    from lightdiar.recognition.linking import link as link
    from lightdiar.recognition.methods import METHODS as METHODS
    from lightdiar.recognition.methods import Method as Method
    from lightdiar.recognition.people import find_people as find_people
    from lightdiar.recognition.trial_report import TrialReport as TrialReport
    from lightdiar.recognition.trials import evaluate_people as evaluate_people
    from lightdiar.recognition.trials import evaluate_trials as evaluate_trials
    from lightdiar.recognition.voices import Voices as Voices
    from lightdiar.report.folder import folder_report as folder_report
    from lightdiar.report.recording import recording_report as recording_report
    from lightdiar.report.results import Results as Results
    from lightdiar.report.results import read_results as read_results
    from lightdiar.report.sound import Sound as Sound
    from lightdiar.report.sound import sound_for as sound_for
    from lightdiar.representation.bechdel import BechdelByEar as BechdelByEar
    from lightdiar.representation.bechdel import WomensExchange as WomensExchange
    from lightdiar.representation.bechdel import bechdel_by_ear as bechdel_by_ear
    from lightdiar.representation.counts import CountProbabilities as CountProbabilities
    from lightdiar.representation.counts import count_probabilities as count_probabilities
    from lightdiar.representation.dialogue import Answers as Answers
    from lightdiar.representation.dialogue import Exchange as Exchange
    from lightdiar.representation.dialogue import find_exchanges as find_exchanges
    from lightdiar.representation.dialogue import who_answers_whom as who_answers_whom
    from lightdiar.show.counts import plot_counts as plot_counts
    from lightdiar.show.events import plot_confusion as plot_confusion
    from lightdiar.show.events import plot_events as plot_events
    from lightdiar.show.events import plot_events_over_spectrogram as plot_events_over_spectrogram
    from lightdiar.show.features import plot_features as plot_features
    from lightdiar.show.gender import plot_gender as plot_gender
    from lightdiar.show.similarity import plot_similarity as plot_similarity
    from lightdiar.show.spectrogram import plot_spectrogram as plot_spectrogram
    from lightdiar.show.speech import plot_speech as plot_speech
    from lightdiar.show.svg import timeline_svg as timeline_svg
    from lightdiar.show.timeline import plot_timeline as plot_timeline
    from lightdiar.show.verification import plot_det as plot_det
    from lightdiar.show.verification import plot_reliability as plot_reliability
    from lightdiar.show.verification import plot_scores as plot_scores
    from lightdiar.signal.features import cmvn as cmvn
    from lightdiar.signal.features import deltas as deltas
    from lightdiar.signal.features import log_mel as log_mel
    from lightdiar.signal.features import mfcc as mfcc
    from lightdiar.signal.features import sliding_cmvn as sliding_cmvn
    from lightdiar.signal.features import warp as warp
    from lightdiar.signal.frames import FrameGrid as FrameGrid
    from lightdiar.signal.frontend import Analysis as Analysis
    from lightdiar.signal.frontend import analyse as analyse
    from lightdiar.signal.lpc import lpc_cepstra as lpc_cepstra
    from lightdiar.signal.pitch import Pitch as Pitch
    from lightdiar.signal.pitch import f0 as f0
    from lightdiar.stages.clustering import cluster_bic as cluster_bic
    from lightdiar.stages.clustering import cluster_embeddings as cluster_embeddings
    from lightdiar.stages.clustering import cluster_nclr as cluster_nclr
    from lightdiar.stages.clustering import cluster_scores as cluster_scores
    from lightdiar.stages.embedding import Embedder as Embedder
    from lightdiar.stages.gender import GenderModel as GenderModel
    from lightdiar.stages.segmentation import bic_changes as bic_changes
    from lightdiar.stages.segmentation import uniform_windows as uniform_windows
    from lightdiar.stages.spectral import cluster_spectral as cluster_spectral
    from lightdiar.stages.speech import SpeechDetector as SpeechDetector
    from lightdiar.stages.speech import energy_vad as energy_vad
    from lightdiar.stages.speech import ltsd_vad as ltsd_vad
    from lightdiar.stages.voiceprint import Voiceprint as Voiceprint
    from lightdiar.systems.bundle import Models as Models
    from lightdiar.systems.conversion import read_turns as read_turns
    from lightdiar.systems.conversion import write_turns as write_turns
    from lightdiar.systems.diarizer import Diarizer as Diarizer
    from lightdiar.systems.diarizer import UntrainedDiarizer as UntrainedDiarizer
    from lightdiar.systems.diarizer import count_speakers as count_speakers
    from lightdiar.systems.diarizer import detect_speech as detect_speech
    from lightdiar.systems.diarizer import diarize as diarize
    from lightdiar.systems.result import Diarization as Diarization
    from lightdiar.systems.result import Speaker as Speaker
    from lightdiar.systems.settings import PRESETS as PRESETS
    from lightdiar.systems.settings import Settings as Settings
    from lightdiar.systems.stages import Stages as Stages
    from lightdiar.timeline import Annotation as Annotation
    from lightdiar.timeline import Event as Event
    from lightdiar.timeline import Segment as Segment
    from lightdiar.timeline import Turn as Turn
    from lightdiar.training.synthesis import synthesize_conversation as synthesize_conversation
    from lightdiar.training.tuning import Tuning as Tuning
    from lightdiar.training.tuning import tune as tune
