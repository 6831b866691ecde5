"""Reference vectors for normalisation, recurrence, attention and embeddings: see references.py."""

from functools import partial

import cases
import torch
import torch.nn.functional as F
from references import Vectors, random
from torch import nn

vectors = Vectors("NetworksTests", "layers")


layer = partial(cases.layer, vectors, "layer")


def normal(*shape, seed=2):
    return torch.randn(*shape, generator=random(seed))


rows, line, picture = normal(6, 5) * 2 + 1, normal(3, 5, 4), normal(2, 6, 3, 4)
numbers = torch.tensor([[1, 3, 0], [2, 2, 4]])
sequence = normal(3, 5, 4)
targets, sources = normal(2, 3, 8, seed=3), normal(2, 5, 8, seed=4)

layer("batch-norm", nn.BatchNorm1d(5), rows)
layer("batch-norm/line", nn.BatchNorm1d(5, momentum=None), line)
layer("batch-norm/picture", nn.BatchNorm2d(6, eps=1e-3, momentum=0.3), picture)
layer("batch-norm/inference", nn.BatchNorm1d(5).eval(), rows)
layer("batch-norm/plain", nn.BatchNorm1d(5, affine=False, track_running_stats=False), rows)
layer("layer-norm", nn.LayerNorm(5), rows)
layer("layer-norm/picture", nn.LayerNorm([3, 4], bias=False), picture)
layer("rms-norm", nn.RMSNorm(5), rows)
layer("rms-norm/picture", nn.RMSNorm([3, 4], eps=1e-2), picture)
layer("group-norm", nn.GroupNorm(3, 6), picture)
layer("instance-norm", nn.InstanceNorm2d(6, affine=True), picture)
layer("local-response-norm", nn.LocalResponseNorm(3, alpha=0.5, beta=0.6, k=2), picture)
layer("local-response-norm/even", nn.LocalResponseNorm(4, alpha=0.5), picture)
layer("unit-norm", nn.Identity(), rows, call=lambda x: F.normalize(x, dim=-1))
torch.manual_seed(5)
layer("spectral-norm", nn.utils.spectral_norm(nn.Linear(5, 4)), rows)
layer("embedding", nn.Embedding(5, 3), numbers)
layer("embedding/padding", nn.Embedding(5, 3, padding_idx=2), numbers)
layer("embedding-bag/sum", nn.EmbeddingBag(5, 3, mode="sum"), numbers)
layer("embedding-bag/mean", nn.EmbeddingBag(5, 3, mode="mean", padding_idx=2), numbers)
layer("embedding-bag/maximum", nn.EmbeddingBag(5, 3, mode="max"), numbers)
weighted = nn.EmbeddingBag(5, 3, mode="sum")
shares = normal(2, 3, seed=8)
layer("embedding-bag/weighted", weighted, numbers, call=lambda x: weighted(x, per_sample_weights=shares), shares=shares)
layer("bilinear", nn.Bilinear(5, 4, 3), rows, normal(6, 4, seed=9))
layer("identity", nn.Identity(), rows)

state = normal(6, 3, seed=6)
cell_state = (state, normal(6, 3, seed=7))
rnn_cell, lstm_cell, gru_cell = nn.RNNCell(5, 3), nn.LSTMCell(5, 3), nn.GRUCell(5, 3)
layer("rnn-cell", rnn_cell, rows, call=lambda x: rnn_cell(x, state), state_before=state)
layer("lstm-cell", lstm_cell, rows, call=lambda x: lstm_cell(x, cell_state), hidden=state, cell=cell_state[1])
layer("gru-cell", gru_cell, rows, call=lambda x: gru_cell(x, state), state_before=state)


def recurrent(case, module, initial=None, lengths=None):
    """All outputs, and the last states, of sequences that may be of different lengths."""

    def call(x):
        if lengths is None:
            output, last = module(x, initial)
        else:
            packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            output, last = module(packed, initial)
            output, _ = nn.utils.rnn.pad_packed_sequence(output, batch_first=True, total_length=x.shape[1])
        last = last if isinstance(last, tuple) else (last,)
        vectors.add(f"layer/{case}/last", **{str(i): value for i, value in enumerate(last)})
        return output

    more = {}
    if initial is not None:
        initial_states = initial if isinstance(initial, tuple) else (initial,)
        more = {f"initial_{i}": value for i, value in enumerate(initial_states)}
    if lengths is not None:
        more["lengths"] = lengths
    layer(case, module, sequence, call=call, **more)


lengths = torch.tensor([5, 2, 3])
recurrent("rnn", nn.RNN(4, 3, batch_first=True))
recurrent("rnn/relu", nn.RNN(4, 3, nonlinearity="relu", bias=False, batch_first=True))
recurrent("lstm", nn.LSTM(4, 3, batch_first=True))
both = (normal(4, 3, 3, seed=10), normal(4, 3, 3, seed=11))
recurrent("lstm/stacked", nn.LSTM(4, 3, num_layers=2, bidirectional=True, batch_first=True), both)
recurrent("lstm/lengths", nn.LSTM(4, 3, num_layers=2, bidirectional=True, batch_first=True), both, lengths)
recurrent("gru", nn.GRU(4, 3, batch_first=True))
recurrent("gru/stacked", nn.GRU(4, 3, num_layers=2, bidirectional=True, batch_first=True), both[0])
recurrent("gru/lengths", nn.GRU(4, 3, bidirectional=True, batch_first=True), both[0][:2], lengths)

present = torch.tensor([[True, True, True, False, False], [True, True, True, True, True]])
attention = nn.MultiheadAttention(8, 2, batch_first=True)
layer("attention", attention, targets, call=lambda x: attention(x, x, x))
crossed = nn.MultiheadAttention(8, 4, batch_first=True)
layer(
    "attention/crossed",
    crossed,
    targets,
    sources,
    call=lambda q, k: crossed(q, k, k, key_padding_mask=~present),
    present=present,
)
causal = nn.MultiheadAttention(8, 2, batch_first=True, bias=False)
hidden = nn.Transformer.generate_square_subsequent_mask(3)
layer("attention/causal", causal, targets, call=lambda x: causal(x, x, x, attn_mask=hidden, is_causal=True))
apart = nn.MultiheadAttention(8, 2, kdim=4, vdim=6, batch_first=True)
layer("attention/apart", apart, targets, normal(2, 5, 4), normal(2, 5, 6))
encoder = nn.TransformerEncoderLayer(8, 2, 12, dropout=0, batch_first=True)
layer("encoder", encoder, sources, call=lambda x: encoder(x, src_key_padding_mask=~present), present=present)
first = nn.TransformerEncoderLayer(8, 2, 12, dropout=0, batch_first=True, norm_first=True, activation=F.silu)
layer("encoder/first", first, targets, call=lambda x: first(x, src_mask=hidden, is_causal=True))
decoder = nn.TransformerDecoderLayer(8, 2, 12, dropout=0, batch_first=True)
layer("decoder", decoder, targets, sources, call=lambda x, y: decoder(x, y, tgt_mask=hidden, tgt_is_causal=True))

# Functions without parameters, by PyTorch's operation or by the formula of the paper.
queries, keys, values = (normal(2, 3, 4, 5, seed=s) for s in (12, 13, 14))
allowed = torch.rand(4, 4, generator=random(15)) > 0.4
allowed |= torch.eye(4, dtype=torch.bool)
grouped = normal(2, 2, 4, 5, seed=16)


def function(case, compute, *inputs, **more):
    layer(case, nn.Identity(), *inputs, call=compute, **more)


function("product", F.scaled_dot_product_attention, queries, keys, values)
function(
    "product/mask", lambda q, k, v: F.scaled_dot_product_attention(q, k, v, allowed), queries, keys, values, mask=allowed
)
function(
    "product/causal", lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True), queries, keys, values
)
slopes = 2.0 ** -(8 * torch.arange(1, 5) / 4)
distance = (torch.arange(3)[:, None] - torch.arange(6)[None, :]).abs()
function("alibi", lambda x: x - slopes[:, None, None] * distance, torch.zeros(4, 3, 6))
place, frequency = torch.arange(5)[:, None], 10000.0 ** (-torch.arange(0, 8, 2) / 8)
angle = (place * frequency).double()
table = torch.stack([angle.sin(), angle.cos()], -1).flatten(1).float()
function("sinusoidal", lambda x: x + table, sources)
cosine, sine = angle.cos().float(), angle.sin().float()


def turned(x):
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack([a * cosine - b * sine, b * cosine + a * sine], -1).flatten(-2)


def turned_halves(x):
    a, b = x.chunk(2, -1)
    return torch.cat([a * cosine - b * sine, b * cosine + a * sine], -1)


function("rotary/interleaved", turned, sources)
function("rotary", turned_halves, sources)


class Grouped(nn.Module):
    """Two heads of keys for four of queries."""

    def __init__(self):
        super().__init__()
        self.q_proj, self.k_proj = nn.Linear(8, 8, bias=False), nn.Linear(8, 4, bias=False)
        self.v_proj, self.o_proj = nn.Linear(8, 4, bias=False), nn.Linear(8, 8, bias=False)

    def forward(self, x):
        def split(y):
            return y.unflatten(-1, (-1, 2)).transpose(1, 2)

        q, k, v = split(self.q_proj(x)), split(self.k_proj(x)), split(self.v_proj(x))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        return self.o_proj(y.transpose(1, 2).flatten(2))


class Additive(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key = nn.Linear(8, 6, bias=False), nn.Linear(8, 6, bias=False)
        self.score = nn.Linear(6, 1, bias=False)

    def forward(self, q, k):
        weights = self.score(torch.tanh(self.query(q)[:, :, None] + self.key(k)[:, None])).squeeze(-1).softmax(-1)
        return weights @ k


class Learned(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(7, 8))

    def forward(self, x):
        return x + self.weight[: x.shape[1]]


layer("grouped-query", Grouped(), sources)
layer("additive", Additive(), targets, sources)
layer("learned-positions", Learned(), sources)


class TimeDistributed(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 3)

    def forward(self, x):
        return torch.stack([self.layer(step) for step in x.unbind(1)], 1)


class Residual(nn.Module):
    def __init__(self, projects):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 3 if projects else 5))
        self.shortcut = nn.Linear(5, 3) if projects else None

    def forward(self, x):
        return (self.shortcut(x) if self.shortcut else x) + self.body(x)


class Branches(nn.Module):
    """Two branches of one input that are multiplied, added and laid side by side."""

    def __init__(self):
        super().__init__()
        self.left, self.right = nn.Linear(5, 3), nn.Linear(5, 3)

    def forward(self, x):
        left, right = self.left(x).tanh(), self.right(x)
        return torch.cat([left * right, left + right], 1)


layer("time-distributed", TimeDistributed(), sequence)
layer("residual", Residual(False), rows)
layer("residual/shortcut", Residual(True), rows)
layer("graph", Branches(), rows)
# what is not dropped is the layer
layer("drop-connect", nn.Linear(5, 4), rows)
layer("flatten", nn.Flatten(), picture)
for name in ["dropout", "alpha-dropout", "gaussian-dropout", "gaussian-noise"]:
    layer(f"{name}/inference", nn.Identity(), rows)

# What a mask and the order of time leave to nobody: the first step of the first sequence.
late = torch.tensor([[False, True, True], [True, True, False]])
padded = nn.MultiheadAttention(8, 2, batch_first=True)
layer(
    "attention/padded",
    padded,
    targets,
    call=lambda x: padded(x, x, x, attn_mask=hidden < 0, key_padding_mask=~late, need_weights=False),
    present=late,
)
added = nn.MultiheadAttention(8, 2, batch_first=True)
shifts = torch.tensor([[-torch.inf] * 3, [0.5, -torch.inf, 0], [1, -0.5, 0.25]])
gaps = torch.zeros(2, 3).masked_fill(~late, -torch.inf)
layer(
    "attention/added",
    added,
    targets,
    call=lambda x: added(x, x, x, attn_mask=shifts, key_padding_mask=gaps, need_weights=False),
    present=late,
    shifts=shifts,
)
nowhere = torch.tensor([[True, False, True, True, False], [False] * 5, [True] * 5]).expand(2, 3, 5)


class Masked(Additive):
    def forward(self, q, k):
        scores = self.score(torch.tanh(self.query(q)[:, :, None] + self.key(k)[:, None])).squeeze(-1)
        return scores.masked_fill(~nowhere, -1e30).softmax(-1).masked_fill(~nowhere, 0) @ k


class Turned(Grouped):
    """The same with turned queries and keys; two features a head, so that a place has one angle."""

    def forward(self, x):
        def split(y):
            return y.unflatten(-1, (-1, 2)).transpose(1, 2)

        def turn(y):
            a, b = y[..., :1], y[..., 1:]
            places = torch.arange(y.shape[-2])[:, None]
            return torch.cat([a * places.cos() - b * places.sin(), b * places.cos() + a * places.sin()], -1)

        q, k, v = turn(split(self.q_proj(x))), turn(split(self.k_proj(x))), split(self.v_proj(x))
        y = F.scaled_dot_product_attention(q, k, v, enable_gqa=True)
        return self.o_proj(y.transpose(1, 2).flatten(2))


layer("additive/masked", Masked(), targets, sources, mask=nowhere)
layer("grouped-query/rotary", Turned(), sources)
# six heads: the slopes of four, and every other one of eight
six = torch.tensor([2.0**-2, 2.0**-4, 2.0**-6, 2.0**-8, 2.0**-1, 2.0**-3])
function("alibi/six", lambda x: x - six[:, None, None] * distance, torch.zeros(6, 3, 6))


def final(case, module, lengths):
    """The last states of the last layer, both directions side by side."""

    def call(x):
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        _, state = module(packed)
        state = state[0] if isinstance(state, tuple) else state
        return torch.cat([state[-2], state[-1]], 1)

    layer(case, module, sequence, call=call, lengths=lengths)


final("lstm/final", nn.LSTM(4, 3, num_layers=2, bidirectional=True, batch_first=True), torch.tensor([5, 5, 5]))
final("gru/final", nn.GRU(4, 3, bidirectional=True, batch_first=True), lengths)
layer("spectral-norm/convolution", nn.utils.spectral_norm(nn.Conv2d(6, 4, (3, 2))), picture)
layer("spectral-norm/transposed", nn.utils.spectral_norm(nn.ConvTranspose2d(6, 4, (3, 2), bias=False)), picture)
layer("drop-connect/convolution", nn.Conv2d(6, 4, (3, 2)), picture)

vectors.write()
