"""Models as people write them in PyTorch and Keras, small, for tools/onnx/make_models.py."""

import torch
from torch import nn


class LeNet(nn.Module):
    """Convolutions, pooling, and a view that reads the number of examples."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 5, padding=2)
        self.conv2 = nn.Conv2d(4, 6, 5)
        self.fc1 = nn.Linear(6 * 5 * 5, 20)
        self.fc2 = nn.Linear(20, 10)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = nn.functional.max_pool2d(torch.relu(self.conv2(x)), 2)
        x = x.view(x.size(0), -1)
        return self.fc2(torch.relu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, channels, out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        self.down = None
        if stride != 1 or channels != out:
            self.down = nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (x if self.down is None else self.down(x)))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 7, 2, 3, bias=False)
        self.bn = nn.BatchNorm2d(4)
        self.pool = nn.MaxPool2d(3, 2, 1)
        self.blocks = nn.Sequential(Block(4, 4, 1), Block(4, 8, 2), Block(8, 8, 1))
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        x = self.blocks(self.pool(torch.relu(self.bn(self.conv(x)))))
        return self.fc(torch.flatten(self.mean(x), 1))


class Dense(nn.Module):
    """Concatenation as in DenseNet, a pooling with padding that counts, log-softmax."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(2, 3, 3, padding=1)
        self.b = nn.Conv2d(5, 3, 3, padding=1)
        self.pool = nn.AvgPool2d(3, 2, 1)
        self.outside = nn.AvgPool2d(2, 2, count_include_pad=False, ceil_mode=True)
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        x = torch.cat([x, torch.relu(self.a(x))], 1)
        x = torch.cat([x, torch.relu(self.b(x))], 1)
        x = self.outside(self.pool(x)).mean((2, 3))
        return torch.log_softmax(self.fc(x), 1)


class Mobile(nn.Module):
    """Depthwise convolutions, ReLU6 and the hard activations of MobileNetV3."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 6, 3, 2, 1, bias=False), nn.BatchNorm2d(6), nn.ReLU6())
        self.depth = nn.Sequential(nn.Conv2d(6, 12, 3, 1, 1, groups=6), nn.Hardswish())
        self.point = nn.Sequential(nn.Conv2d(12, 6, 1), nn.Hardsigmoid())
        self.fc = nn.Sequential(nn.Dropout(0.2), nn.Linear(6, 3), nn.Softmax(1))

    def forward(self, x):
        x = self.stem(x)
        return self.fc((x + self.point(self.depth(x))).mean([2, 3]))


ACTIVATIONS = [
    nn.LeakyReLU(0.1), nn.ELU(), nn.SELU(), nn.Sigmoid(), nn.Tanh(), nn.Hardtanh(-0.5, 0.75), nn.Softplus(), nn.SiLU(), nn.GELU(),
    nn.Mish(), nn.PReLU(4), nn.PReLU(), nn.Softsign(), nn.LogSigmoid(), nn.CELU(),
]


class Activations(nn.Module):
    """One convolution each, added up."""

    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(2, 4, 1) for _ in ACTIVATIONS)
        self.functions = nn.ModuleList(ACTIVATIONS)

    def forward(self, x):
        y = [f(conv(3 * x)) for f, conv in zip(self.functions, self.convs)]
        return torch.cat(y, 1).flatten(1)


class Windows(nn.Module):
    """Padding of one side alone, strides that leave rows out, dilation, ceil_mode."""

    def __init__(self):
        super().__init__()
        self.pad = nn.ZeroPad2d((1, 0, 2, 0))
        self.conv = nn.Conv2d(2, 4, (3, 2), (2, 1), (1, 0))
        self.dilated = nn.Conv2d(4, 4, 3, padding=2, dilation=2)
        self.even = nn.Conv2d(4, 3, 2, padding="same")
        self.pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.fc = nn.Linear(3 * 5 * 5, 3)

    def forward(self, x):
        x = self.dilated(self.conv(self.pad(x)))
        x = self.pool(nn.functional.leaky_relu(self.even(x), 0.2))
        return self.fc(x.flatten(1))


class Signal(nn.Module):
    """Convolutions of one dimension."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(2, 4, 5, 2, 2)
        self.bn = nn.BatchNorm1d(4)
        self.pool = nn.MaxPool1d(2)
        self.fc = nn.Linear(4 * 10, 3)
        self.bn2 = nn.BatchNorm1d(3)

    def forward(self, x):
        x = self.pool(torch.relu(self.bn(self.conv(x))))
        return self.bn2(self.fc(x.flatten(1)))


class Scaled(nn.Module):
    """Images scaled by constants in the model, an output of images."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1))
        self.conv = nn.Conv2d(3, 2, 3, padding=1)

    def forward(self, x):
        return torch.softmax(self.conv((x - self.mean) / self.std * 0.5 + 1), 1)


class Perceptron(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(12, 8), nn.GELU(), nn.Linear(8, 8, bias=False), nn.Tanh(), nn.Linear(8, 1), nn.Sigmoid())

    def forward(self, x):
        return self.layers(x)


# Name: class, shape of one input, operator sets of the old exporter and of the new one.
MODELS = {
    "lenet": (LeNet, (1, 28, 28), 11, 18),
    "resnet": (ResNet, (3, 33, 32), 17, 18),
    "dense": (Dense, (2, 13, 12), 12, 20),
    "mobile": (Mobile, (3, 16, 16), 14, 22),
    "activations": (Activations, (2, 3, 3), 13, 18),
    "windows": (Windows, (2, 18, 11), 15, 21),
    "signal": (Signal, (2, 40), 16, 18),
    "scaled": (Scaled, (3, 6, 5), 18, 19),
    "perceptron": (Perceptron, (12,), 20, 22),
}


def fill(model):
    """Statistics as after training; random, with a fixed seed."""
    generator = torch.Generator().manual_seed(2)
    for name, value in list(model.named_buffers()) + list(model.named_parameters()):
        if name.endswith("running_var"):
            value.data.uniform_(0.5, 2, generator=generator)
        elif name.endswith("running_mean") or ("bn" in name and name.endswith("bias")):
            value.data.normal_(0, 0.3, generator=generator)
    return model.eval()
