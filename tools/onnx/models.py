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


class Squeeze(nn.Module):
    """Squeeze-and-excite: channels are multiplied by what their means say."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 6, 3, 2)
        self.reduce = nn.Conv2d(6, 3, 1)
        self.expand = nn.Conv2d(3, 6, 1)

    def forward(self, x):
        x = self.conv(x)
        s = torch.sigmoid(self.expand(torch.relu(self.reduce(nn.functional.adaptive_avg_pool2d(x, 1)))))
        return (x * s).amax((2, 3))


class Perceptron(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(12, 8), nn.GELU(), nn.Linear(8, 8, bias=False), nn.Tanh(), nn.Linear(8, 1), nn.Sigmoid())

    def forward(self, x):
        return self.layers(x)


class UNet(nn.Module):
    """Segmentation: down, up by transposed convolutions, joined with what came before."""

    def __init__(self):
        super().__init__()
        self.a = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU())
        self.b = nn.Sequential(nn.Conv2d(4, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU())
        self.c = nn.Sequential(nn.Conv2d(8, 8, 3, padding=2, dilation=2), nn.ReLU())
        self.up1 = nn.ConvTranspose2d(8, 8, 2, 2)
        self.up2 = nn.ConvTranspose2d(8, 4, 3, 2, 1, output_padding=1, groups=2)
        self.d = nn.Conv2d(16, 8, 3, padding=1)
        self.e = nn.Conv2d(8, 2, 3, padding=1)

    def forward(self, x):
        a = self.a(x)
        b = self.b(nn.functional.max_pool2d(a, 2))
        c = self.up1(self.c(nn.functional.max_pool2d(b, 2)))
        d = torch.relu(self.d(torch.cat([c, b], 1)))
        return torch.sigmoid(self.e(torch.cat([self.up2(d), a], 1)))


class Resized(nn.Module):
    """Segmentation with interpolation in place of transposed convolutions, of all kinds, and padding by reflection."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(2, 4, 3, 2, padding=1, padding_mode="reflect")
        self.b = nn.Conv2d(4, 4, 3, padding=1)
        self.c = nn.Conv2d(4, 4, 3, padding=1, padding_mode="replicate")
        self.d = nn.Conv2d(4, 1, 1)

    def forward(self, x):
        x = torch.relu(self.a(x))
        x = self.b(nn.functional.interpolate(x, scale_factor=2, mode="nearest"))
        x = self.c(nn.functional.interpolate(x, scale_factor=1.5, mode="bilinear", align_corners=False))
        x = nn.functional.interpolate(x, size=(9, 11), mode="bilinear", align_corners=True)
        return self.d(nn.functional.interpolate(x, size=(7, 5), mode="nearest"))


class Waves(nn.Module):
    """One dimension: dilation, groups, pooling with padding, a transposed convolution, a mean over time."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv1d(3, 6, 3, padding=2, dilation=2)
        self.b = nn.Conv1d(6, 12, 3, padding=1, groups=3)
        self.c = nn.Conv1d(12, 12, 3, padding=4, dilation=4, groups=12)
        self.max = nn.MaxPool1d(3, 2, 1, ceil_mode=True)
        self.mean = nn.AvgPool1d(3, 2, 1, ceil_mode=True)
        self.up = nn.ConvTranspose1d(12, 4, 4, 2, 1)
        self.norm = nn.GroupNorm(2, 4)
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        x = self.mean(self.max(nn.functional.gelu(self.b(torch.relu(self.a(x))))))
        return self.fc(self.norm(self.up(self.c(x))).mean(2))


class ConvNext(nn.Module):
    """Blocks of ConvNeXt: layer normalisation over channels that are moved last, a scale for each of them."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 4, 4)
        self.first = nn.LayerNorm(8)
        self.depth = nn.Conv2d(8, 8, 7, padding=3, groups=8)
        self.norm = nn.LayerNorm(8, eps=1e-6)
        self.up = nn.Linear(8, 16)
        self.down = nn.Linear(16, 8)
        self.scale = nn.Parameter(torch.linspace(0.5, 1.5, 8))
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        x = self.first(self.stem(x).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        y = self.norm(self.depth(x).permute(0, 2, 3, 1))
        y = self.scale * self.down(nn.functional.gelu(self.up(y)))
        return self.fc((x + y.permute(0, 3, 1, 2)).mean((-2, -1)))


class Efficient(nn.Module):
    """A block of EfficientNet: expansion, depthwise convolution, squeeze-and-excite with SiLU, a residual."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), nn.SiLU())
        self.expand = nn.Sequential(nn.Conv2d(4, 12, 1, bias=False), nn.BatchNorm2d(12), nn.SiLU())
        self.depth = nn.Sequential(nn.Conv2d(12, 12, 5, 1, 2, groups=12, bias=False), nn.BatchNorm2d(12), nn.SiLU())
        self.reduce = nn.Linear(12, 3)
        self.excite = nn.Linear(3, 12)
        self.project = nn.Sequential(nn.Conv2d(12, 4, 1, bias=False), nn.BatchNorm2d(4))
        self.fc = nn.Linear(4, 5)

    def forward(self, x):
        x = self.stem(x)
        y = self.depth(self.expand(x))
        s = y.mean((2, 3))
        s = torch.sigmoid(self.excite(nn.functional.silu(self.reduce(s)))).view(-1, 12, 1, 1)
        x = x + self.project(y * s)
        return torch.softmax(self.fc(nn.functional.adaptive_avg_pool2d(x, 1).flatten(1)), 1)


class Groups(nn.Module):
    """A residual block as in ResNeXt with group and instance normalisation."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3, padding=1)
        self.n1 = nn.GroupNorm(4, 8)
        self.b = nn.Conv2d(8, 8, 3, padding=1, groups=4, bias=False)
        self.n2 = nn.InstanceNorm2d(8, affine=True)
        self.c = nn.Conv2d(8, 8, 3, padding=2, dilation=2, groups=8)
        self.n3 = nn.LayerNorm((8, 6, 5))
        self.fc = nn.Linear(8 * 3 * 2, 3)

    def forward(self, x):
        x = torch.relu(self.n1(self.a(x)))
        x = torch.relu(x + self.n3(self.c(self.n2(self.b(x)))))
        return self.fc(nn.functional.avg_pool2d(x, 2, ceil_mode=False).flatten(1))


class Shuffle(nn.Module):
    """ShuffleNet: channels in two halves, joined and shuffled; slices as in YOLO; pixels from channels."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(8, 8, 1)
        self.b = nn.Conv2d(4, 4, 3, padding=1, groups=4)
        self.c = nn.Conv2d(8, 4, 1)
        self.pools = nn.ModuleList(nn.MaxPool2d(k, 1, k // 2) for k in (3, 5))
        self.d = nn.Conv2d(3, 2, 3)

    def forward(self, x):
        x = torch.cat([x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]], 1)
        a, b = torch.relu(self.a(x)).chunk(2, 1)
        x = torch.cat([a, self.b(b)], 1)
        n, c, h, w = x.shape
        x = x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)
        x = nn.functional.pixel_shuffle(self.c(x), 2)
        return self.d(torch.cat([x] + [pool(x) for pool in self.pools], 1))


class Attention(nn.Module):
    """Heads over patches, of themselves and of pixels; PyTorch moves the batch behind the patches."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 8, 2, stride=2)
        self.encoder = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, norm_first=True, activation="gelu")
        self.cross = nn.MultiheadAttention(8, 4, batch_first=True, kdim=3, vdim=3)
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        y = self.encoder(self.patches(x).flatten(2).transpose(1, 2))
        pixels = x.flatten(2).transpose(1, 2)
        y = y + self.cross(y, pixels, pixels)[0]
        return self.fc(y.mean(1))


class VisionTransformer(nn.Module):
    """As timm writes it: a class token, positions, all projections in one, heads by reshape and permute."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 8, 2, stride=2)
        self.token = nn.Parameter(torch.randn(1, 1, 8))
        self.positions = nn.Parameter(torch.randn(1, 13, 8))
        self.norm = nn.LayerNorm(8)
        self.qkv = nn.Linear(8, 24)
        self.projection = nn.Linear(8, 8)
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.positions
        n, t, c = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(n, t, 3, 2, c // 2).permute(2, 0, 3, 1, 4)
        y = nn.functional.scaled_dot_product_attention(q, k, v)
        x = x + self.projection(y.transpose(1, 2).reshape(n, t, c))
        return self.fc(x[:, 0])


class Correlation(nn.Module):
    """Self-attention of a convolutional network (SAGAN): products of maps, in a file for any number of examples."""

    def __init__(self):
        super().__init__()
        self.q, self.k, self.v = nn.Conv2d(4, 2, 1), nn.Conv2d(4, 2, 1), nn.Conv2d(4, 4, 1)
        self.a = nn.Conv2d(2, 4, 3, padding=1)
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        x = torch.relu(self.a(x))
        q, k, v = (f(x).flatten(2) for f in (self.q, self.k, self.v))
        weights = torch.softmax(torch.bmm(q.transpose(1, 2), k), -1)
        y = torch.bmm(v, weights.transpose(1, 2)).view(x.shape)
        return self.fc((x + y).mean((2, 3)))


# Models that move the batch: they are read from files of one example.
FIXED = ("attention", "vit")

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
    "squeeze": (Squeeze, (2, 9, 8), 17, 18),
    "perceptron": (Perceptron, (12,), 20, 22),
    "unet": (UNet, (3, 12, 8), 11, 18),
    "resized": (Resized, (2, 10, 8), 13, 19),
    "waves": (Waves, (3, 21), 14, 20),
    "convnext": (ConvNext, (3, 12, 8), 17, 18),
    "efficient": (Efficient, (3, 9, 8), 12, 22),
    "groups": (Groups, (3, 6, 5), 16, 21),
    "shuffle": (Shuffle, (2, 8, 12), 15, 18),
    "attention": (Attention, (3, 6, 8), 17, 18),
    "vit": (VisionTransformer, (3, 8, 6), 14, 18),
    "correlation": (Correlation, (2, 5, 6), 13, 18),
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
