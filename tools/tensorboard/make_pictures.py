"""Makes src/test/resources/cnnlab/store/pictures.tfevents: a picture and histograms as TensorFlow's own protocol buffers encode them.

    VENV/bin/python tools/tensorboard/make_pictures.py                  # the environment of tools/keras/make_reference.py
    VENV/bin/python tools/tensorboard/make_pictures.py --read FOLDER    # what TensorFlow reads in the event files of a run
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf
from tensorflow.core.framework import summary_pb2
from tensorflow.core.util import event_pb2

TARGET = Path(__file__).parents[2] / "src/test/resources/cnnlab/store/pictures.tfevents"
TIME = 1_750_000_000.25


def events():
    yield event_pb2.Event(wall_time=TIME, file_version="brain.Event:2")
    image = summary_pb2.Summary.Image(height=3, width=300, colorspace=3, encoded_image_string=bytes([1, 2, 3, 255]))
    yield event_pb2.Event(
        wall_time=TIME, step=4, summary=summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag="kernels/conv1", image=image)])
    )
    # 0 and 30 in classes of width 1; the largest value belongs to the last class.
    limits = [float(i + 1) for i in range(30)]
    counts = [1.0] + 28 * [0.0] + [2.0]
    yield histogram(4, "weights/conv1", 0, 30, 3, 59.5, 29.5**2 + 900, limits, counts)
    yield histogram(8, "weights/same", 2, 2, 2, 4, 8, [2.5], [2.0])


def histogram(step, tag, low, high, num, total, squares, limits, counts):
    histo = summary_pb2.HistogramProto(
        min=low, max=high, num=num, sum=total, sum_squares=squares, bucket_limit=limits, bucket=counts
    )
    return event_pb2.Event(wall_time=TIME, step=step, summary=summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=tag, histo=histo)]))


def read(folder):
    for path in sorted(Path(folder).rglob("events.out.tfevents.*")):
        print(path.parent.name)
        for event in tf.compat.v1.train.summary_iterator(str(path)):
            for value in event.summary.value:
                if value.HasField("image"):
                    picture = tf.io.decode_png(value.image.encoded_image_string)
                    print("  ", event.step, value.tag, value.image.width, value.image.height, picture.shape)
                elif value.HasField("histo"):
                    histogram = value.histo
                    print("  ", event.step, value.tag, histogram.num, sum(histogram.bucket), histogram.min, histogram.max)
                else:
                    print("  ", event.step, value.tag)


if len(sys.argv) > 1:
    read(sys.argv[2])
else:
    with tf.io.TFRecordWriter(str(TARGET)) as writer:
        for event in events():
            writer.write(event.SerializeToString())
