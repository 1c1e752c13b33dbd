"""The models whose files and outputs make_reference.py freezes. Each function returns a Keras model, compiled or not; together they
contain every layer that cnnlab.keras reads."""

import keras
import numpy as np
from keras import layers as L
from keras import regularizers

MODELS = {}


def model(*formats, trained=False):
    """Registers a builder under its function's name, to be saved in each of the formats."""

    def register(build):
        MODELS[build.__name__] = (build, formats, trained)
        return build

    return register


def head(x, classes=5):
    return L.Dense(classes, activation="softmax", name="probabilities")(x)


def branches(x, layers):
    """Applies each layer to x, averages each result over the image, and combines all of them in a softmax."""
    means = [L.GlobalAveragePooling2D(name="mean_of_" + layer.name)(layer(x)) for layer in layers]
    return head(L.Concatenate(name="all")(means))


def windows():
    """Kernels, strides and paddings that together cover every case of rows left over at the border."""
    for kernel in ((1, 1), (2, 2), (3, 3), (2, 3), (5, 4)):
        for stride in (1, 2, 3):
            for padding in ("same", "valid"):
                yield kernel, stride, padding, "k%dx%d_s%d_%s" % (*kernel, stride, padding)


def convolutions(shape):
    x = keras.Input(shape, name="image")
    made = [
        L.Conv2D(3, k, strides=s, padding=p, use_bias=i % 3 != 0, name="conv_" + name) for i, (k, s, p, name) in enumerate(windows())
    ]
    made.append(L.Conv2D(2, (3, 1), strides=(1, 3), padding="same", name="conv_padded_above_alone"))
    return keras.Model(x, branches(x, made))


def poolings(shape):
    x = keras.Input(shape, name="image")
    made = [L.MaxPooling2D(k, strides=s, padding=p, name="max_" + name) for k, s, p, name in windows()]
    made += [L.AveragePooling2D(k, strides=s, padding=p, name="average_" + name) for k, s, p, name in windows()]
    return keras.Model(x, branches(x, made))


@model("keras")
def convolutions_odd():
    return convolutions((11, 9, 2))


@model("keras")
def convolutions_even():
    return convolutions((10, 8, 2))


@model("keras")
def poolings_odd():
    return poolings((11, 9, 2))


@model("keras")
def poolings_even():
    return poolings((10, 8, 2))


@model("keras")
def depthwise():
    x = keras.Input((9, 8, 3), name="image")
    made = []
    for i, (k, s, p, name) in enumerate(list(windows())[6:24]):
        made.append(L.DepthwiseConv2D(k, strides=s, padding=p, depth_multiplier=1 + i % 2, use_bias=i % 3 != 0, name="depth_" + name))
    return keras.Model(x, branches(x, made))


@model("keras", "h5")
def separable():
    x = keras.Input((9, 8, 3), name="image")
    made = []
    for i, (k, s, p, name) in enumerate(list(windows())[12:24]):
        made.append(
            L.SeparableConv2D(
                4, k, strides=s, padding=p, depth_multiplier=1 + i % 2, use_bias=i % 3 != 0, activation="relu", name="separable_" + name
            )
        )
    return keras.Model(x, branches(x, made))


BUILT_IN = (
    "linear relu relu6 leaky_relu elu selu gelu silu mish softplus softsign tanh sigmoid hard_sigmoid hard_silu exponential"
).split()


@model("keras")
def activation_names():
    x = keras.Input((6, 5, 2), name="image")
    made = [L.Conv2D(3, 2, activation=name, name="conv_" + name) for name in BUILT_IN]
    return keras.Model(x, branches(x, made))


@model("keras")
def activation_names_dense():
    x = keras.Input((4, 3, 2), name="image")
    flat = L.Flatten(name="flat")(x)
    made = [L.Dense(4, activation=name, name="dense_" + name)(flat) for name in BUILT_IN + ["softmax", "log_softmax"]]
    return keras.Model(x, head(L.Concatenate(name="all")(made)))


@model("keras")
def activation_layers():
    x = keras.Input((6, 5, 2), name="image")
    y = L.Conv2D(4, 3, padding="same", name="conv")(x)
    made = [
        L.ReLU(name="relu_plain"),
        L.ReLU(max_value=1.5, name="relu_max"),
        L.ReLU(negative_slope=0.3, name="relu_slope"),
        L.ReLU(threshold=0.4, name="relu_threshold"),
        L.ReLU(max_value=1.25, negative_slope=0.2, threshold=0.25, name="relu_all"),
        L.LeakyReLU(name="leaky"),
        L.LeakyReLU(negative_slope=0.05, name="leaky_slope"),
        L.PReLU(name="prelu"),
        L.PReLU(shared_axes=[1, 2], name="prelu_by_channel"),
        L.PReLU(shared_axes=[1], name="prelu_by_column"),
        L.ELU(name="elu"),
        L.ELU(alpha=0.6, name="elu_alpha"),
    ]
    made += [L.Activation(name, name="activation_" + name) for name in BUILT_IN]
    kept = [L.GlobalMaxPooling2D(name="largest_of_" + layer.name)(layer(y)) for layer in made]
    y = L.Concatenate(name="all")(kept)
    y = L.Dense(6, name="dense")(y)
    y = L.PReLU(name="prelu_of_vector")(y)
    y = L.Dense(5, name="logits")(y)
    return keras.Model(x, L.Softmax(name="softmax")(y))


@model("keras", "h5")
def batch_normalization():
    return keras.Sequential(
        [
            keras.Input((7, 6, 2)),
            L.BatchNormalization(name="first"),
            L.Conv2D(4, 3, use_bias=False, name="conv"),
            L.BatchNormalization(name="plain"),
            L.ReLU(name="relu"),
            L.Conv2D(4, 2, name="conv_2"),
            L.BatchNormalization(scale=False, name="no_scale"),
            L.BatchNormalization(center=False, epsilon=1e-2, name="no_center"),
            L.BatchNormalization(center=False, scale=False, momentum=0.9, name="neither"),
            L.Flatten(name="flat"),
            L.Dense(6, name="dense"),
            L.BatchNormalization(name="of_vector"),
            L.BatchNormalization(axis=-1, scale=False, name="of_vector_no_scale"),
            L.Dense(5, activation="softmax", name="probabilities"),
        ]
    )


@model("keras", "h5")
def merging():
    x = keras.Input((6, 5, 3), name="image")
    a = L.Conv2D(3, 3, padding="same", name="a")(x)
    b = L.Conv2D(3, 3, padding="same", activation="tanh", name="b")(x)
    c = L.Conv2D(3, 1, name="c")(x)
    made = [
        L.Add(name="add")([a, b]),
        L.Add(name="add_three")([a, b, c]),
        L.Subtract(name="subtract")([a, b]),
        L.Multiply(name="multiply")([a, b]),
        L.Multiply(name="multiply_three")([a, b, c]),
        L.Average(name="average")([a, b]),
        L.Average(name="average_three")([b, c, a]),
        L.Maximum(name="maximum")([a, b]),
        L.Maximum(name="maximum_three")([c, b, a]),
        L.Concatenate(name="concatenate")([c, a, b]),
    ]
    y = L.Concatenate(name="all")(made)
    y = L.Conv2D(4, 2, activation="relu", name="reduce")(y)
    # Two flattened images, concatenated: each part of the dense kernel is permuted by itself.
    flat = L.Concatenate(name="flat_pair")([L.Flatten(name="flat_1")(y), L.Flatten(name="flat_2")(a)])
    d = L.Dense(4, name="dense_1")(flat)
    e = L.Dense(4, name="dense_2")(flat)
    return keras.Model(x, head(L.Multiply(name="multiply_vectors")([d, L.Subtract(name="subtract_vectors")([d, e])])))


def block(filters, name, shape):
    return keras.Sequential(
        [
            keras.Input(shape),
            L.Conv2D(filters, 3, padding="same", use_bias=False, name="conv"),
            L.BatchNormalization(name="norm"),
            L.ReLU(name="relu"),
            L.Conv2D(filters, 1, name="point"),
        ],
        name=name,
    )


@model("keras", "h5")
def nested():
    x = keras.Input((8, 6, 2), name="image")
    inner_x = keras.Input((8, 6, 4), name="inner_image")
    inner_y = block(4, "inner_block", (8, 6, 4))(inner_x)
    inner = keras.Model(inner_x, L.Add(name="sum")([inner_x, inner_y]), name="residual")
    y = block(4, "block_b", (8, 6, 2))(x)
    y = inner(y)
    y = L.MaxPooling2D(name="pool")(y)
    y = block(3, "block_a", (4, 3, 4))(y)
    top = keras.Sequential([keras.Input((4, 3, 3)), L.Flatten(name="flat"), L.Dense(6, activation="elu", name="dense")], name="top")
    return keras.Model(x, head(top(y)))


@model("keras", "h5")
def nested_sequential():
    """Sequential in Sequential, with some layers and a whole block frozen: the weights in an .h5 file then have another order."""
    frozen = block(3, "frozen", (7, 7, 1))
    frozen.trainable = False
    partly = block(4, "partly", (7, 7, 3))
    partly.get_layer("norm").trainable = False
    return keras.Sequential(
        [
            keras.Input((7, 7, 1)),
            frozen,
            partly,
            L.GlobalMaxPooling2D(name="largest"),
            L.Dense(5, activation="softmax", name="probabilities"),
        ]
    )


@model("keras", "h5")
def names_in_any_order():
    """Names in neither computing nor creation order, some of them like the names that Keras generates."""
    dense_b = L.Dense(4, activation="relu", name="conv2d")
    dense_a = L.Dense(4, activation="relu", name="zeta")
    late = L.Conv2D(3, 3, activation="relu", name="conv2d_9")
    early = L.Conv2D(4, 2, activation="relu", name="dense_1")
    middle = L.Conv2D(4, 2, activation="relu", name="a")
    x = keras.Input((8, 7, 2), name="z_input")
    y = late(middle(early(x)))
    y = L.Flatten(name="0flat")(y)
    return keras.Model(x, L.Dense(5, activation="softmax", name="conv2d_1")(dense_b(dense_a(y))))


@model("keras", "h5")
def default_names():
    """No names given: what Keras calls conv2d_7 and re_lu_3 in memory is conv2d_1 and re_lu in the archive."""
    return keras.Sequential(
        [
            keras.Input((8, 7, 2)),
            L.Conv2D(3, 3),
            L.ReLU(),
            L.Conv2D(3, 2),
            L.ReLU(negative_slope=0.1),
            L.Flatten(),
            L.Dense(6, activation="relu"),
            L.Dense(5, activation="softmax"),
        ]
    )


@model("keras", "h5")
def flattening():
    return keras.Sequential(
        [
            keras.Input((7, 5, 3)),
            L.Conv2D(4, 2, activation="relu", name="conv"),
            L.Flatten(name="flat"),
            L.Dropout(0.3, name="dropout"),
            L.Dense(7, activation="relu", name="dense_1"),
            L.Flatten(name="flat_again"),
            L.Dense(5, activation="softmax", name="probabilities"),
        ]
    )


@model("keras")
def reshaping():
    return keras.Sequential(
        [
            keras.Input((6, 5, 2)),
            L.Conv2D(3, 2, name="conv"),
            L.Reshape((-1,), name="flat"),
            L.BatchNormalization(name="norm_of_flat"),
            L.PReLU(name="prelu_of_flat"),
            L.Dense(5, activation="softmax", name="probabilities"),
        ]
    )


@model("keras")
def digits_without_channels():
    """The first of all Keras tutorials: images [28, 28] without a channel axis."""
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            L.Rescaling(1 / 255, name="scale"),
            L.Flatten(name="flat"),
            L.Dense(8, activation="relu", name="dense"),
            L.Dropout(0.2, name="dropout"),
            L.Dense(10, activation="softmax", name="probabilities"),
        ]
    )


@model("keras", "h5")
def regularized():
    return keras.Sequential(
        [
            keras.Input((6, 6, 2)),
            L.Conv2D(3, 3, kernel_regularizer=regularizers.L1(0.01), bias_regularizer=regularizers.L2(0.02), name="conv"),
            L.DepthwiseConv2D(2, depthwise_regularizer=regularizers.L2(0.03), name="depth"),
            L.Dropout(0.25, name="dropout"),
            L.Flatten(name="flat"),
            L.Dense(6, activation="relu", kernel_regularizer=regularizers.L1L2(0.0002, 0.001), name="dense"),
            L.Dropout(0.5, name="dropout_2"),
            L.Dense(5, activation="softmax", kernel_regularizer="l2", name="probabilities"),
        ]
    )


@model("keras", "h5")
def noise():
    return keras.Sequential(
        [
            keras.Input((6, 6, 2)),
            L.GaussianNoise(0.1, name="noise"),
            L.Conv2D(3, 3, activation="relu", name="conv"),
            L.SpatialDropout2D(0.2, name="spatial"),
            L.GaussianDropout(0.3, name="gaussian"),
            L.Flatten(name="flat"),
            L.Dropout(0.4, name="dropout"),
            L.Dense(5, activation="softmax", name="probabilities"),
        ]
    )


@model("keras")
def preprocessing():
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            L.RandomFlip("horizontal", name="flip"),
            L.RandomRotation(0.1, name="rotate"),
            L.RandomTranslation(0.1, 0.1, name="translate"),
            L.RandomZoom(0.2, name="zoom"),
            L.RandomContrast(0.3, name="contrast"),
            L.RandomBrightness(0.2, value_range=(0, 1), name="brightness"),
            L.Rescaling(2.0, offset=-1.0, name="scale"),
            L.Rescaling([1.0, 0.5, 2.0], offset=[0.1, 0.2, -0.3], name="scale_channels"),
            L.Conv2D(3, 3, activation="relu", name="conv"),
            L.GlobalAveragePooling2D(name="mean"),
            L.Dense(5, activation="softmax", name="probabilities"),
        ]
    )


@model("keras", "h5")
def global_pooling():
    x = keras.Input((7, 6, 2), name="image")
    y = L.Conv2D(4, 2, name="conv")(x)
    a = L.GlobalAveragePooling2D(name="mean")(y)
    b = L.GlobalMaxPooling2D(name="largest")(y)
    c = L.Flatten(name="flat_mean")(L.GlobalAveragePooling2D(keepdims=True, name="mean_kept")(y))
    d = L.Flatten(name="flat_largest")(L.GlobalMaxPooling2D(keepdims=True, name="largest_kept")(y))
    return keras.Model(x, head(L.Concatenate(name="all")([a, b, c, d])))


@model("keras", "h5")
def zero_padding():
    x = keras.Input((7, 6, 2), name="image")
    made = [
        L.ZeroPadding2D(1, name="pad_1"),
        L.ZeroPadding2D((1, 2), name="pad_1_2"),
        L.ZeroPadding2D(((0, 1), (0, 1)), name="pad_bottom_right"),
        L.ZeroPadding2D(((2, 1), (0, 3)), name="pad_four"),
    ]
    kept = []
    for i, layer in enumerate(made):
        y = L.Conv2D(3, 3, strides=2, activation="relu", name="conv_%d" % i)(layer(x))
        kept.append(L.GlobalMaxPooling2D(name="largest_%d" % i)(y))
    return keras.Model(x, head(L.Concatenate(name="all")(kept)))


@model("keras", "h5")
def residual():
    """Residual blocks with activation first: the activation's input is used twice."""
    x = keras.Input((8, 8, 3), name="image")
    y = L.Conv2D(4, 3, padding="same", name="stem")(x)
    for i, stride in enumerate((1, 2)):
        z = L.BatchNormalization(name="norm_%d_1" % i)(y)
        z = L.Activation("relu", name="relu_%d_1" % i)(z)
        skip = y if stride == 1 else L.Conv2D(6, 1, strides=2, name="project_%d" % i)(z)
        z = L.Conv2D(4 if stride == 1 else 6, 3, strides=stride, padding="same", name="conv_%d_1" % i)(z)
        z = L.LeakyReLU(name="leaky_%d" % i)(z)
        y = L.Add(name="add_%d" % i)([z, skip])
        # Used twice: by an activation and by what comes after.
        y = L.Add(name="gate_%d" % i)([y, L.Activation("sigmoid", name="sigmoid_%d" % i)(y)])
    y = L.GlobalAveragePooling2D(name="mean")(y)
    return keras.Model(x, head(y))


@model("keras")
def mobile():
    """A small MobileNet: zero padding, strided and separable convolutions, ReLU clipped at 6."""
    x = keras.Input((16, 16, 3), name="image")
    y = L.ZeroPadding2D(((0, 1), (0, 1)), name="pad")(x)
    y = L.Conv2D(4, 3, strides=2, use_bias=False, name="conv")(y)
    y = L.BatchNormalization(name="norm")(y)
    y = L.ReLU(6.0, name="relu")(y)
    for i, (filters, stride) in enumerate(((6, 1), (8, 2), (8, 1))):
        if stride == 2:
            y = L.ZeroPadding2D(((0, 1), (0, 1)), name="pad_%d" % i)(y)
        padding = "valid" if stride == 2 else "same"
        y = L.DepthwiseConv2D(3, strides=stride, padding=padding, use_bias=False, name="depth_%d" % i)(y)
        y = L.BatchNormalization(name="depth_norm_%d" % i)(y)
        y = L.ReLU(6.0, name="depth_relu_%d" % i)(y)
        y = L.Conv2D(filters, 1, padding="same", use_bias=False, name="point_%d" % i)(y)
        y = L.BatchNormalization(name="point_norm_%d" % i)(y)
        y = L.ReLU(6.0, name="point_relu_%d" % i)(y)
    y = L.GlobalAveragePooling2D(keepdims=True, name="mean")(y)
    y = L.Dropout(0.1, name="dropout")(y)
    y = L.Conv2D(5, 1, name="logits")(y)
    y = L.Reshape((5,), name="flat")(y)
    return keras.Model(x, L.Activation("softmax", name="probabilities")(y))


@model("keras", "h5")
def one_sigmoid():
    """A binary classifier: one sigmoid output, compiled with an optimiser that has state."""
    m = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            L.Conv2D(3, 3, activation="relu", name="conv"),
            L.AveragePooling2D(2, name="pool"),
            L.Flatten(name="flat"),
            L.Dense(1, activation="sigmoid", name="probability"),
        ]
    )
    m.compile(optimizer=keras.optimizers.SGD(0.01, momentum=0.9), loss="binary_crossentropy", metrics=["accuracy"])
    m.optimizer.build(m.trainable_variables)
    return m


@model("keras")
def regression():
    """Linear outputs."""
    return keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            L.Conv2D(3, 3, activation="relu", name="conv"),
            L.Flatten(name="flat"),
            L.Dense(3, name="values"),
        ]
    )


@model("keras", "h5", trained=True)
def task1():
    """The lab's Task 1 network; make_reference.py trains it on MNIST."""
    m = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            L.Conv2D(4, 3, padding="same", activation="relu", name="conv1"),
            L.MaxPooling2D(name="pool1"),
            L.Conv2D(8, 3, padding="same", activation="relu", name="conv2"),
            L.MaxPooling2D(name="pool2"),
            L.Flatten(name="flatten"),
            L.Dense(10, activation="softmax", name="dense"),
        ]
    )
    m.compile(optimizer=keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return m


@model("keras")
def task3():
    """The lab's Task 3 network, 924,874 parameters."""
    l1l2 = regularizers.L1L2(0.0002, 0.001)

    def dense(name):
        return L.Dense(512, activation="relu", kernel_regularizer=l1l2, name=name)

    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            L.Conv2D(8, 3, padding="same", activation="relu", name="conv1"),
            L.Conv2D(8, 3, padding="same", activation="relu", name="conv2"),
            L.MaxPooling2D(name="pool1"),
            L.MaxPooling2D(name="pool2"),
            L.Conv2D(16, 3, padding="same", activation="relu", name="conv3"),
            L.Conv2D(16, 3, padding="same", activation="relu", name="conv4"),
            L.MaxPooling2D(name="pool3"),
            L.Flatten(name="flatten"),
            dense("dense1"),
            dense("dense2"),
            L.Dropout(0.02, name="dropout1"),
            dense("dense3"),
            L.Dropout(0.02, name="dropout2"),
            dense("dense4"),
            L.Dense(2, activation="softmax", name="out"),
        ]
    )


@model("keras")
def augmentation_functional():
    """In a functional model Keras writes "training": true for each Random layer, and ignores it in predict. It cannot save this as .h5."""
    x = keras.Input((8, 8, 3), name="image")
    y = L.RandomFlip("horizontal_and_vertical", name="flip")(x)
    y = L.RandomRotation(0.1, name="rotate")(y)
    y = L.RandomZoom(0.1, name="zoom")(y)
    y = L.RandomTranslation(0.1, 0.1, name="translate")(y)
    y = L.RandomContrast(0.1, name="contrast")(y)
    y = L.RandomBrightness(0.1, value_range=(0, 1), name="brightness")(y)
    y = L.Conv2D(4, 3, activation="relu", name="conv_1")(y)
    y = L.MaxPooling2D(name="pool")(y)
    y = L.Conv2D(6, 2, activation="relu", name="conv_2")(y)
    y = L.Flatten(name="flat")(y)
    y = L.Dense(7, activation="relu", name="dense")(y)
    return keras.Model(x, head(y))


@model("keras")
def task3_functional():
    """The lab report's Task 3 model as given there: functional, with its flips."""
    l1l2 = regularizers.L1L2(0.0002, 0.001)
    x = keras.Input((32, 32, 3), name="image")
    y = L.RandomFlip("horizontal_and_vertical", name="flip")(x)
    y = L.Conv2D(8, 3, padding="same", activation="relu", name="conv1")(y)
    y = L.Conv2D(8, 3, padding="same", activation="relu", name="conv2")(y)
    y = L.MaxPooling2D(name="pool1")(y)
    y = L.MaxPooling2D(name="pool2")(y)
    y = L.Conv2D(16, 3, padding="same", activation="relu", name="conv3")(y)
    y = L.Conv2D(16, 3, padding="same", activation="relu", name="conv4")(y)
    y = L.MaxPooling2D(name="pool3")(y)
    y = L.Flatten(name="flatten")(y)
    for i in (1, 2, 3, 4):
        y = L.Dense(512, activation="relu", kernel_regularizer=l1l2, name="dense%d" % i)(y)
        if i in (2, 3):
            y = L.Dropout(0.02, name="dropout%d" % (i - 1))(y)
    return keras.Model(x, L.Dense(2, activation="softmax", name="out")(y))


@model("keras", "h5")
def vectors():
    """Inputs are vectors instead of images."""
    return keras.Sequential(
        [
            keras.Input((20,), name="numbers"),
            L.BatchNormalization(name="norm"),
            L.Dense(16, activation="relu", name="dense_1"),
            L.Dropout(0.2, name="dropout"),
            L.Dense(8, activation="tanh", name="dense_2"),
            L.Dense(3, activation="softmax", name="probabilities"),
        ]
    )


@model("keras")
def vectors_rescaled():
    """Layers of several ranks before the first layer that sees only vectors; two paths from the input."""
    x = keras.Input((12,), name="numbers")
    y = L.Rescaling(0.5, offset=0.1, name="scale")(x)
    y = L.PReLU(name="prelu")(y)
    z = L.Concatenate(name="both")([x, L.Dropout(0.1, name="dropout")(y)])
    return keras.Model(x, L.Dense(2, name="values")(L.Dense(5, activation="relu", name="dense")(z)))


@model("keras")
def image_output():
    """Segmentation: the output is a mask, an image."""
    x = keras.Input((4, 5, 3), name="image")
    y = L.Conv2D(4, 3, padding="same", activation="relu", name="conv")(x)
    return keras.Model(x, L.Conv2D(2, 1, activation="sigmoid", name="mask")(y))


@model("keras")
def image_softmax_output():
    """A class for every pixel."""
    x = keras.Input((5, 4, 2), name="image")
    y = L.Conv2D(3, 3, padding="same", name="conv")(x)
    return keras.Model(x, L.Softmax(name="classes")(y))


@model("keras")
def flattened_output():
    """The output holds an image as a vector, channels last."""
    return keras.Sequential([keras.Input((5, 4, 2)), L.Conv2D(3, 2, activation="tanh", name="conv"), L.Flatten(name="flat")])


@model("keras")
def pool_to_1x1():
    """Pooling leaves one pixel, so flattening changes nothing: the image is a vector already."""
    return keras.Sequential(
        [
            keras.Input((2, 2, 3)),
            L.Conv2D(8, 1, activation="relu", name="conv"),
            L.MaxPooling2D(name="pool"),
            L.Flatten(name="flat"),
            L.Dense(3, activation="softmax", name="probabilities"),
        ]
    )


@model("keras")
def three_blocks():
    """Three blocks of convolution and pooling reduce an image of MNIST's size to one pixel."""
    blocks = [(L.Conv2D(c, 3, activation="relu", name="conv%d" % c), L.MaxPooling2D(name="pool%d" % c)) for c in (4, 6, 9)]
    return keras.Sequential(
        [keras.Input((28, 28, 1)), *sum(blocks, ()), L.Flatten(name="flat"), L.Dense(10, activation="softmax", name="probabilities")]
    )


def fill(m, seed):
    """Gives every variable random values, scaled to keep activations around 1. Large kernels repeat 4,093 values (a prime, so that
    no two rows of the kernel are equal), which take almost no space in a compressed archive."""
    random = np.random.default_rng(seed)
    for v in m.weights:
        shape, last = tuple(v.shape), v.path.split("/")[-1]
        if last in ("mean", "variance", "count"):
            continue  # what Normalization was adapted to
        if last in ("kernel", "depthwise_kernel", "pointwise_kernel"):
            fan = np.prod(shape[:-2], dtype=int) * (shape[-2] + shape[-1]) if len(shape) > 1 else shape[0]
            if last == "depthwise_kernel":
                fan = 2 * np.prod(shape[:2], dtype=int)
            limit = np.sqrt(6 / fan)
            period = random.uniform(-limit, limit, min(4093, int(np.prod(shape))))
            values = np.resize(period, shape)
        elif last in ("gamma", "moving_variance"):
            values = random.uniform(0.5, 1.5, shape)
        elif last == "alpha":
            values = random.uniform(-0.2, 0.5, shape)
        else:
            values = random.normal(0, 0.2, shape)
        v.assign(values.astype("float32"))


@model("keras", "h5")
def segmentation():
    """A small U-Net: images in, images out."""
    x = keras.Input((8, 12, 2), name="image")
    a = L.Conv2D(3, 3, padding="same", activation="relu", name="down_1")(x)
    b = L.Conv2D(4, 3, padding="same", activation="relu", name="down_2")(L.MaxPooling2D(name="half")(a))
    c = L.Conv2D(5, 3, padding="same", activation="relu", name="bottom")(L.MaxPooling2D(name="quarter")(b))
    y = L.Conv2DTranspose(4, 2, strides=2, padding="same", name="up_2")(c)
    y = L.Conv2D(3, 3, padding="same", activation="relu", name="mixed_2")(L.Concatenate(name="both_2")([b, y]))
    y = L.UpSampling2D(interpolation="bilinear", name="up_1")(y)
    y = L.Conv2D(3, 3, padding="same", activation="relu", name="mixed_1")(L.Concatenate(name="both_1")([a, y]))
    return keras.Model(x, L.Conv2D(2, 1, activation="sigmoid", name="mask")(y))


@model("keras")
def transposed():
    x = keras.Input((5, 4, 2), name="image")
    made = [
        L.Conv2DTranspose(3, k, strides=s, padding=p, use_bias=i % 3 != 0, name="transposed_" + name)
        for i, (k, s, p, name) in enumerate(windows())
    ]
    made.append(L.Conv2DTranspose(2, (4, 1), strides=(1, 3), padding="same", activation="relu", name="oblong"))
    return keras.Model(x, branches(x, made))


@model("keras")
def resized():
    x = keras.Input((5, 4, 2), name="image")
    made = [
        L.UpSampling2D((2, 3), name="repeated"),
        L.UpSampling2D((3, 2), interpolation="bilinear", name="interpolated"),
        L.Resizing(7, 3, name="resized"),
        L.Resizing(10, 4, interpolation="nearest", name="doubled"),
        L.Cropping2D(((1, 0), (1, 2)), name="cropped"),
        L.Permute((2, 1, 3), name="turned"),
        L.Permute((3, 1, 2), name="rotated"),
    ]
    kept = [L.Flatten(name="flat_" + layer.name)(layer(x)) for layer in made]
    return keras.Model(x, head(L.Concatenate(name="all")(kept)))


@model("keras")
def reshaped():
    x = keras.Input((12,), name="numbers")
    y = L.Reshape((3, 2, -1), name="picture")(x)
    y = L.Conv2D(4, 2, padding="same", activation="relu", name="conv")(y)
    y = L.Reshape((2, 6, 2), name="other_picture")(y)
    y = L.Reshape((-1, 4), name="plain")(y)
    y = L.Permute((2, 1), name="plain_turned")(y)
    return keras.Model(x, head(L.Reshape((-1,), name="row")(y)))


@model("keras", "h5")
def squeezed():
    """Squeeze-and-excite, by channel and by pixel."""
    x = keras.Input((6, 5, 2), name="image")
    y = L.Conv2D(4, 3, activation="relu", name="conv")(x)
    s = L.GlobalAveragePooling2D(name="mean")(y)
    s = L.Dense(4, activation="sigmoid", name="share")(L.Dense(2, activation="relu", name="less")(s))
    y = L.Multiply(name="by_channel")([y, L.Reshape((1, 1, 4), name="shares")(s)])
    p = L.Conv2D(1, 3, padding="same", activation="sigmoid", name="share_of_pixel")(y)
    y = L.Multiply(name="by_pixel")([p, y])
    row = L.GlobalAveragePooling2D(keepdims=True, name="kept")(y)
    y = L.Add(name="sum")([y, row, p])
    v = L.GlobalMaxPooling2D(name="most")(y)
    one = L.Dense(1, activation="tanh", name="one")(v)
    return keras.Model(x, head(L.Multiply(name="gated")([one, v])))


@model("keras")
def arithmetic():
    ops = keras.ops
    x = keras.Input((6, 5, 2), name="image")
    y = L.Conv2D(4, 2, name="conv")(x)
    hard = ops.relu6(y + 3.0) / 6.0
    y = y * hard * 2 + np.array([0.5, -1, 0, 2], "float32")
    z = [
        1.0 - y,
        y - 0.25,
        -y,
        ops.maximum(y, 0.3),
        ops.minimum(y, 0.4),
        ops.clip(y, -0.5, 0.75),
        y**2,
        ops.square(y),
        ops.gelu(y),
        ops.gelu(y, approximate=False),
        ops.leaky_relu(y, 0.1),
        ops.elu(y),
        ops.silu(y),
        ops.sigmoid(y),
        ops.tanh(y),
        ops.softmax(y),
        ops.maximum(y, hard),
        y - hard,
        ops.reshape(y, (-1, 4, 5, 4)),
        ops.concatenate([y, hard], axis=-1),
        y + ops.mean(y, axis=(1, 2), keepdims=True),
        ops.max(y, axis=[1, 2], keepdims=True),
    ]
    kept = [L.GlobalAveragePooling2D(name="mean_%d" % i)(one) for i, one in enumerate(z)]
    return keras.Model(x, head(L.Concatenate(name="all")(kept)))


@model("keras")
def dilated_and_grouped():
    x = keras.Input((9, 8, 4), name="image")
    made = [
        L.Conv2D(3, 3, dilation_rate=2, padding="same", name="dilated_same"),
        L.Conv2D(3, (3, 2), dilation_rate=(2, 3), activation="relu", name="dilated_valid"),
        L.Conv2D(3, (2, 4), dilation_rate=(3, 2), padding="same", name="dilated_even"),
        L.DepthwiseConv2D(3, dilation_rate=2, padding="same", depth_multiplier=2, name="depthwise_dilated"),
        L.SeparableConv2D(3, 3, dilation_rate=2, padding="same", name="separable_dilated"),
        L.Conv2D(6, 3, groups=2, strides=2, padding="same", activation="relu", name="two_groups"),
        L.Conv2D(8, 3, groups=4, name="four_groups"),
        L.Conv2D(4, 1, groups=2, use_bias=False, name="groups_of_pixels"),
    ]
    return keras.Model(x, branches(x, made))


@model("keras", "h5")
def shared():
    """A layer, an activation and a nested model that are used several times."""
    x = keras.Input((6, 6, 3), name="image")
    conv = L.Conv2D(3, 3, padding="same", name="conv")
    norm = L.BatchNormalization(name="norm")
    relu = L.ReLU(name="relu")
    y = relu(norm(conv(x)))
    y = relu(norm(conv(y)))
    tower = keras.Sequential([keras.Input((6, 6, 3)), L.Conv2D(2, 3, name="inner"), L.Flatten(name="flat")], name="tower")
    return keras.Model(x, head(L.Subtract(name="difference")([tower(y), tower(x)])))


@model("keras")
def standardised():
    x = keras.Input((6, 5, 3), name="image")
    adapted = L.Normalization(name="adapted")
    adapted.adapt(np.random.default_rng(3).normal(2, 3, (20, 6, 5, 3)).astype("float32"))
    given = L.Normalization(mean=[0.5, 0.4, 0.3], variance=[0.25, 0.2, 0.1], name="given")
    y = L.Concatenate(name="both")([adapted(x), given(x)])
    return keras.Model(x, head(L.Flatten(name="flat")(L.Conv2D(3, 3, name="conv")(y))))


@model("keras", "h5")
def layer_and_group_normalized():
    x = keras.Input((6, 5, 3), name="image")
    y = L.Conv2D(6, 3, name="conv")(x)
    made = [
        L.LayerNormalization(name="layer"),
        L.LayerNormalization(epsilon=1e-6, center=False, name="layer_scaled"),
        L.LayerNormalization(scale=False, name="layer_centred"),
        L.GroupNormalization(groups=2, name="two_groups"),
        L.GroupNormalization(groups=1, scale=False, name="one_group"),
        L.GroupNormalization(groups=-1, name="each_channel"),
    ]
    z = L.Concatenate(name="all")([layer(y) for layer in made])
    z = L.LayerNormalization(name="of_vector")(L.Dense(8, name="dense")(L.Flatten(name="flat")(z)))
    return keras.Model(x, head(L.GroupNormalization(groups=2, name="groups_of_vector")(z)))


@model("keras")
def convnext_block():
    """The layers that ConvNeXt brings along, with rates that are zero in predictions."""
    from keras.src.applications.convnext import LayerScale, StochasticDepth

    x = keras.Input((6, 5, 4), name="image")
    y = L.Conv2D(4, 3, padding="same", groups=4, name="depthwise")(x)
    y = L.LayerNormalization(epsilon=1e-6, name="norm")(y)
    y = L.Dense(4, name="less")(L.Dense(8, activation="gelu", name="more")(y))
    y = StochasticDepth(0.1, name="depth")(LayerScale(0.5, 4, name="scale")(y))
    return keras.Model(x, head(L.Flatten(name="flat")(L.Add(name="sum")([x, y]))))


@model("keras")
def sequences():
    """Layers for sequences [T, C]; the channels of all their outputs are averaged and joined."""
    x = keras.Input((12, 4), name="sequence")
    y = L.BatchNormalization(name="norm")(x)
    made = [
        L.Conv1D(3, 3, padding="same", activation="relu", name="same"),
        L.Conv1D(3, 4, strides=2, use_bias=False, name="valid"),
        L.Conv1D(3, 3, padding="causal", dilation_rate=2, name="causal"),
        L.Conv1D(3, 3, padding="causal", strides=2, name="causal_strided"),
        L.Conv1D(3, 3, padding="same", dilation_rate=3, name="dilated"),
        L.Conv1D(6, 3, groups=2, name="grouped"),
        L.Conv1D(4, 3, groups=4, name="each_channel"),
        L.Conv1DTranspose(3, 3, strides=2, padding="same", name="transposed"),
        L.DepthwiseConv1D(3, depth_multiplier=2, padding="same", strides=2, name="depthwise"),
        L.SeparableConv1D(5, 3, depth_multiplier=2, activation="tanh", name="separable"),
        L.MaxPooling1D(2, name="max"),
        L.MaxPooling1D(3, strides=2, padding="same", name="max_same"),
        L.AveragePooling1D(3, strides=2, padding="same", name="average_same"),
        L.ZeroPadding1D((1, 2), name="padded"),
        L.Cropping1D((2, 1), name="cropped"),
        L.UpSampling1D(3, name="repeated"),
        L.SpatialDropout1D(0.3, name="dropped"),
        L.Dense(5, activation="gelu", name="each_step"),
        L.LayerNormalization(name="layer_norm"),
        L.GroupNormalization(groups=2, name="group_norm"),
        L.PReLU(shared_axes=[1], name="slope_of_channel"),
        L.PReLU(name="slope_of_each"),
        L.Softmax(name="softmax"),
        L.Permute((2, 1), name="turned"),
        L.Reshape((4, 12), name="reshaped"),
    ]
    means = []
    for layer in made:
        z = layer(y)
        pool = L.GlobalMaxPooling1D if len(means) % 2 else L.GlobalAveragePooling1D
        means.append(pool(name="pooled_" + layer.name)(L.Conv1D(2, 2, name="end_" + layer.name)(z)))
    joined = L.Concatenate(name="channels")([made[0].output, made[2].output, y])
    summed = L.Add(name="sum")([L.GlobalAveragePooling1D(keepdims=True, name="mean")(y), y, x])
    means += [L.Flatten(name="flat")(joined), L.Flatten(name="flat_sum")(keras.ops.relu(summed * np.float32([1.0, -2.0, 0.5, 3.0])))]
    return keras.Model(x, head(L.Concatenate(name="all")(means)))


@model("keras", "h5")
def sequence_output():
    """A class for every step."""
    return keras.Sequential(
        [
            keras.Input((10, 3), name="sequence"),
            L.Conv1D(6, 3, padding="same", activation="relu", name="conv"),
            L.Conv1D(4, 1, activation="softmax", name="classes"),
        ]
    )


@model("keras")
def images_as_sequences():
    """Pixels as steps, as in attention: their order must be that of Keras."""
    x = keras.Input((4, 3, 2), name="image")
    y = L.Reshape((12, 5), name="steps")(L.Conv2D(5, 3, padding="same", name="conv")(x))
    y = L.Conv1D(6, 3, name="along")(L.LayerNormalization(name="norm")(y))
    y = L.Reshape((5, 2, 6), name="image_again")(y)
    return keras.Model(x, head(L.Flatten(name="flat")(L.Conv2D(3, 2, name="conv_2")(y))))


@model("keras")
def scaled_branch():
    """What InceptionResNetV2 and EfficientNet bring along: a branch that is scaled, or dropped as a whole in training."""
    from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

    x = keras.Input((5, 4, 3), name="image")
    y = L.Conv2D(3, 3, padding="same", name="conv")(x)
    y = CustomScaleLayer(0.17, name="scaled")([x, y])
    z = L.Dropout(0.4, noise_shape=(None, 1, 1, 1), name="depth")(L.Conv2D(3, 1, name="pointwise")(y))
    return keras.Model(x, head(L.Flatten(name="flat")(L.Add(name="sum")([y, z]))))


@model("keras", "h5")
def each_step():
    """Layers applied to each step by TimeDistributed."""
    x = keras.Input((6, 4), name="sequence")
    y = L.TimeDistributed(L.Dense(5, activation="relu"), name="dense_of_step")(x)
    y = L.TimeDistributed(L.BatchNormalization(), name="norm_of_step")(y)
    y = L.TimeDistributed(L.LeakyReLU(), name="slope_of_step")(L.TimeDistributed(L.Dense(3), name="less")(y))
    return keras.Model(x, head(L.GlobalMaxPooling1D(name="most")(y)))


@model("keras", "h5")
def attention():
    """Heads over the pixels of an image and over a sequence, of itself and of another, as in a vision transformer."""
    x = keras.Input((4, 6, 3), name="image")
    y = L.Conv2D(8, 3, padding="same", name="conv")(x)
    of_pixels = L.MultiHeadAttention(2, 3, name="of_pixels")(y, y)
    steps = L.Reshape((24, 8), name="steps")(L.Add(name="pixels_and_heads")([y, of_pixels]))
    of_steps = L.MultiHeadAttention(2, 4, dropout=0.1, name="of_steps")(L.LayerNormalization(name="norm")(steps), steps)
    few = L.Conv1D(5, 4, strides=4, name="few")(L.Add(name="steps_and_heads")([steps, of_steps]))
    other = L.MultiHeadAttention(3, 2, value_dim=5, output_shape=7, use_bias=False, name="of_others")(of_steps, value=few)
    keyed = L.MultiHeadAttention(1, 3, use_bias=False, name="keyed")(query=other, value=few, key=L.Dense(4, name="keys")(few))
    return keras.Model(x, head(L.GlobalAveragePooling1D(name="mean")(keyed)))


@model("keras")
def attention_without_heads():
    """Keras' older layer."""
    x = keras.Input((7, 4), name="sequence")
    few = L.Conv1D(5, 3, strides=2, name="few")(x)
    scaled = L.Attention(use_scale=True, name="scaled")([x, L.Dense(4, name="value")(few)])
    plain = L.Attention(name="plain")([scaled, L.Dense(3, name="other_value")(few), L.Dense(4, name="other_key")(few)])
    return keras.Model(x, head(L.GlobalAveragePooling1D(name="mean")(plain)))


@model("keras")
def products():
    """Products of two tensors and softmax over other axes than the last."""
    x = keras.Input((4, 6, 3), name="image")
    y = L.Conv2D(5, 3, padding="same", name="conv")(x)
    z = keras.ops.transpose(L.Conv2D(5, 1, name="pointwise")(x), (0, 1, 3, 2))
    y = L.Softmax(axis=2, name="over_columns")(keras.ops.matmul(y, z))
    y = keras.ops.softmax(keras.ops.multiply(y, 8.0), axis=1)
    s = L.Conv1D(6, 2, name="along")(L.Reshape((12, 12), name="steps")(y))
    t = L.Conv1D(6, 3, name="along_more")(L.Reshape((12, 12), name="steps_again")(y))
    scores = L.Softmax(axis=1, name="over_steps")(L.Dot((2, 2), name="scores")([s, t]))
    means = L.Dot(1, name="weighted")([scores, s])
    few = keras.ops.matmul(means, keras.ops.transpose(t, (0, 2, 1)))
    batched = keras.ops.matmul(L.Reshape((1, 10, 6), name="one_row")(L.Dense(6, name="each")(few)), L.Conv2D(4, 1, name="rows")(y))
    flat = L.Flatten(name="flat")(batched)
    a, b = L.Dense(4, name="a")(flat), L.Dense(4, name="b")(flat)
    return keras.Model(x, head(L.Concatenate(name="all")([L.Dot(1, name="similarity")([a, b]), a])))


@model("keras")
def transposed_apart():
    """Transposed convolutions with output_padding and dilation."""
    x = keras.Input((5, 4, 2), name="image")
    made = [
        L.Conv2DTranspose(3, k, strides=s, padding=p, output_padding=o, name="added_%d" % i)
        for i, (k, s, p, o) in enumerate(
            [(3, 2, "same", 1), (3, 2, "same", 0), ((4, 2), 3, "same", (1, 2)), (3, 2, "valid", 1), ((1, 2), (2, 3), "valid", (1, 0))])
    ]
    made += [
        L.Conv2DTranspose(3, (3, 2), padding=p, dilation_rate=d, activation="relu", name="dilated_%s_%d" % (p, i))
        for p in ("same", "valid")
        for i, d in enumerate([2, (1, 3)])
    ]
    sequence = L.Reshape((10, 4), name="steps")(x)
    end = L.Conv1DTranspose(2, 3, strides=2, padding="same", output_padding=1, name="steps_apart")(sequence)
    end = L.Conv1DTranspose(2, 3, dilation_rate=2, name="steps_dilated")(end)
    mean = L.GlobalAveragePooling1D(name="mean_of_steps")(end)
    return keras.Model(x, L.Concatenate(name="both")([branches(x, made), mean]))
