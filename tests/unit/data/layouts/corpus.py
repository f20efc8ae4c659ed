"""What a careful person reads in each data set of the corpus, written from the files before the detector existed.

One main file for each of the 31 data sets, and the other kinds of file that stand beside them.
"""

from __future__ import annotations

from tests.unit.data.layouts.layout import ASK, Answer, layout

TEXT_LABEL = (layout("labelled", text="text", label="label"),)
TWEET = (layout("labelled", text="TWEET", label="LABEL"),)
RUNNING = (layout("text", text="text"),)
ALPACA = (layout("completion", prompt=("instruction", "input"), completion="output"),)
QUESTION = (layout("completion", prompt="question", completion="answer"),)
MARK_ABSENT = (layout("labelled", text="column1", label="column2"),)

MAIN: dict[str, tuple[Answer, ...]] = {
    "alpaca-5000/alpaca_5000.json": ALPACA,
    "banking77/train.csv": (layout("labelled", text="text", label="category"),),
    "boolq/peft_boolq_test.json": ALPACA,
    "cic-ca/catalan_test.csv": TWEET,
    "cic-es/spanish_test.csv": TWEET,
    "cola/in_domain_train.tsv": (layout("labelled", text="column4", label="column2"),),
    "dialogsum/dialogsum.dev.jsonl": (layout("completion", prompt="dialogue", completion="summary"),),
    "digit-completion/train.parquet": (layout("prompt", prompt="prompt"),),
    "dolly-hhrlhf-1k/dolly_hhrlhf_train_small.jsonl": (layout("completion", prompt="prompt", completion="response"),),
    "e2e-nlg/devset.csv": (layout("completion", prompt="mr", completion="ref"),),
    "en-ca-translation/tatoeba.en-ca.csv": (ASK,),
    "gsm8k/train.jsonl": QUESTION,
    "legalbench-train/legalbench_train.csv": (layout("completion", prompt=("instruction", "input"), completion="answer"),),
    # `input` is empty in every row, so to leave it out is as right.
    "lima/lima.json": (
        layout("completion", prompt=("instruction", "input", "history"), completion="output"),
        layout("completion", prompt=("instruction", "history"), completion="output"),
    ),
    "llamafactory-demos/dpo_en_demo.json": (layout("preference", prompt="conversations", chosen="chosen", rejected="rejected"),),
    "medical-abstracts/medical_tc_test.csv": (layout("labelled", text="medical_abstract", label="condition_label"),),
    "messy-airline-tweets/Tweets.csv": (layout("labelled", text="text", label="airline_sentiment"),),
    "messy-quejas-pamplona/quejas.csv": (ASK,),
    "messy-sms-spam/spam.csv": (layout("labelled", text="v2", label="v1"),),
    "mrpc/msr_paraphrase_train.txt": (layout("pair", text="#1 String", other="#2 String", label="Quality"),),
    # A prompt that ends in "Answer:" and yes, no or maybe: to write the answer and to choose it are equally right.
    "pubmedqa-1k/pubmed_qa_labeled.jsonl": (
        layout("completion", prompt="context", completion="continuation"),
        layout("labelled", text="context", label="continuation"),
    ),
    "rte/train.tsv": (layout("pair", text="sentence1", other="sentence2", label="label"),),
    # Six columns of 0 and 1 could each be the label.
    "sentipolc16-it/training_set_sentipolc16.csv": (ASK,),
    "squad-it/squad_it_2000.csv": (layout("completion", prompt=("context", "question"), completion="answer"),),
    "sst2/train.tsv": MARK_ABSENT,
    "tinyshakespeare/input.txt": RUNNING,
    "tinystories-sample/tinystories_sample.txt": RUNNING,
    "umsab-sentiment-en/train.csv": TEXT_LABEL,
    "umsab-sentiment-es/train.csv": TEXT_LABEL,
    "umsab-sentiment-it/train.csv": TEXT_LABEL,
    "wikisql-1k/train.jsonl": RUNNING,
}

BESIDE: dict[str, tuple[Answer, ...]] = {
    "boolq/boolq_val.jsonl": (layout("choices", prompt="query", choices="choices", answer="gold"),),
    "cic-ca/catalan_val.csv": TWEET,
    "e2e-nlg/testset_w_refs.csv": (layout("completion", prompt="mr", completion="ref"),),
    "llamafactory-demos/alpaca_en_demo.json": ALPACA,
    "llamafactory-demos/c4_demo.jsonl": RUNNING,
    "llamafactory-demos/glaive_toolcall_en_demo.json": (layout("chat", messages="conversations", tools="tools"),),
    "llamafactory-demos/identity.json": ALPACA,
    "llamafactory-demos/kto_en_demo.json": (layout("feedback", messages="messages", label="label"),),
    "llamafactory-demos/wiki_demo.txt": RUNNING,
    "medical-abstracts/medical_tc_labels.csv": (ASK,),
    "sentipolc16-it/test_set_sentipolc16_gold2000.csv": (ASK,),
    "sst2/dev.tsv": MARK_ABSENT,
    "umsab-sentiment-it/val.csv": TEXT_LABEL,
}
