"""Makes legacy .h5 files as Keras 2 wrote them from those of Keras 3: the configuration and the names of weights differ.

    VENV/bin/python tools/keras/keras_2_form.py src/test/resources/keras/nested_sequential.keras2.h5 src/test/resources/keras/apart

writes the same model in two files, model.json and model_weights.h5.
"""

import json

import h5py

KERAS_2 = "2.15.0"
RENAMED = {"LeakyReLU": {"negative_slope": "alpha"}}


def to_keras_2(source, target):
    """Writes a copy of a legacy file with Keras 2's configuration and names, such as 'conv/kernel:0'."""
    with h5py.File(source) as old, h5py.File(target, "w") as new:
        new.attrs["backend"] = b"tensorflow"
        new.attrs["keras_version"] = KERAS_2.encode()
        new.attrs["model_config"] = json.dumps(layer_2(json.loads(old.attrs["model_config"]))).encode()
        if "training_config" in old.attrs:
            new.attrs["training_config"] = old.attrs["training_config"]
        groups = new.create_group("model_weights")
        groups.attrs.update(new.attrs)
        del groups.attrs["model_config"]
        groups.attrs["layer_names"] = [name.encode() for name in old["model_weights"].attrs["layer_names"]]
        for layer, group in old["model_weights"].items():
            copied = groups.create_group(layer)
            names = [name.split("/", group_prefix(layer, name))[-1] + ":0" for name in group.attrs["weight_names"]]
            copied.attrs["weight_names"] = [name.encode() for name in names] if names else []
            for name, path in zip(names, group.attrs["weight_names"]):
                copied[name] = group[path][()]


def group_prefix(layer, path):
    """How many leading parts of a Keras 3 path are names of models; Keras 2 has only 'layer/weight:0'."""
    return path.count("/") - 1


def layer_2(layer):
    config = dict(layer["config"])
    if "batch_shape" in config:
        config["batch_input_shape"] = config.pop("batch_shape")
    if isinstance(config.get("dtype"), dict):
        config["dtype"] = config["dtype"]["config"]["name"]
    for old, new in RENAMED.get(layer["class_name"], {}).items():
        config[new] = config.pop(old)
    for unknown in ("optional", "synchronized", "renorm", "renorm_clipping", "renorm_momentum"):
        config.pop(unknown, None)
    for key, value in config.items():
        if isinstance(value, dict) and "registered_name" in value:
            config[key] = {"class_name": value["class_name"], "config": value["config"]}
    if "layers" in config:
        config["layers"] = [layer_2(inner) for inner in config["layers"]]
        for key in ("input_layers", "output_layers"):
            if key in config:
                config[key] = [config[key]]
    made = {"class_name": layer["class_name"], "config": config}
    if "inbound_nodes" in layer:
        made["name"] = layer["name"]
        made["inbound_nodes"] = [node_2(node) for node in layer["inbound_nodes"]]
    return made


def node_2(node):
    given = node["args"][0]
    given = given if isinstance(given, list) else [given]
    return [tensor["config"]["keras_history"] + [{}] for tensor in given]


def weights_apart(source, folder):
    """Writes model.json and model_weights.h5 as model.to_json() and model.save_weights() of Keras 2 did: the groups of the layers are at the
    root, and lists of names too long for one attribute are split, here after every second name."""
    with h5py.File(source) as old, h5py.File(folder / "model_weights.h5", "w") as new:
        text = json.loads(old.attrs["model_config"])
        text.update(keras_version=KERAS_2, backend="tensorflow")
        (folder / "model.json").write_text(json.dumps(text))
        for key, value in old["model_weights"].attrs.items():
            new.attrs[key] = value
        for layer, group in old["model_weights"].items():
            old["model_weights"].copy(layer, new)
            names = list(new[layer].attrs["weight_names"])
            del new[layer].attrs["weight_names"]
            for i in range(0, max(len(names), 1), 2):
                new[layer].attrs["weight_names%d" % (i // 2)] = names[i : i + 2]


if __name__ == "__main__":
    import sys
    from pathlib import Path

    weights_apart(Path(sys.argv[1]), Path(sys.argv[2]))
