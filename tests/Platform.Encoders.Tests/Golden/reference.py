#!/usr/bin/python3
"""Reference numbers for tiny Llama checkpoints, in plain PyTorch (Debian's python3-torch 1.13); shares no code with the C#.

    /usr/bin/python3 reference.py          # rewrites tiny-tied/, tiny-untied/ and tiny-adapted/ beside this file

tiny-adapted is tiny-untied with a LoRA adapter in PEFT's form; its reference applies W x + alpha/r B (A x) without ever merging.
Attention is written out with softmax and explicit loops over heads; RoPE by complex numbers on the pairs (i, i + d/2); the sparse head
materialises all logits. Everything is computed in float64 on the float32 weights and stored with 9 digits.
"""
import json, math, os, struct
import torch

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))
LENGTHS = [1, 7, 16, 3, 11]


def config(tied):
    return {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu",
        "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
        "head_dim": 16 if not tied else 8, "vocab_size": 101, "max_position_embeddings": 64, "rms_norm_eps": 1e-5,
        "rope_theta": 10000.0 if tied else 500000.0, "tie_word_embeddings": tied, "torch_dtype": "float32",
        "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                         "original_max_position_embeddings": 64},
    }


def weights(c, seed):
    g = torch.Generator().manual_seed(seed)
    def normal(*shape, scale): return torch.randn(*shape, generator=g) * scale
    h, f, d = c["hidden_size"], c["intermediate_size"], c["head_dim"]
    q, kv = c["num_attention_heads"] * d, c["num_key_value_heads"] * d
    w = {"model.embed_tokens.weight": normal(c["vocab_size"], h, scale=0.7)}
    for i in range(c["num_hidden_layers"]):
        p = f"model.layers.{i}."
        w[p + "input_layernorm.weight"] = 1 + normal(h, scale=0.2)
        w[p + "post_attention_layernorm.weight"] = 1 + normal(h, scale=0.2)
        for name, rows, columns in [("self_attn.q_proj", q, h), ("self_attn.k_proj", kv, h), ("self_attn.v_proj", kv, h),
                                    ("self_attn.o_proj", h, q), ("mlp.gate_proj", f, h), ("mlp.up_proj", f, h), ("mlp.down_proj", h, f)]:
            w[p + name + ".weight"] = normal(rows, columns, scale=1.5 / math.sqrt(columns))
    w["model.norm.weight"] = 1 + normal(h, scale=0.2)
    if not c["tie_word_embeddings"]:
        w["lm_head.weight"] = normal(c["vocab_size"], h, scale=0.7)
    return w


def write_safetensors(path, w):
    header, at = {}, 0
    for name in sorted(w):
        size = w[name].numel() * 4
        header[name] = {"dtype": "F32", "shape": list(w[name].shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name in sorted(w):
            file.write(w[name].contiguous().numpy().astype("<f4").tobytes())


def inverse_frequencies(c):
    s, result = c["rope_scaling"], []
    for i in range(c["head_dim"] // 2):
        f = c["rope_theta"] ** (-2 * i / c["head_dim"])
        wavelength = 2 * math.pi / f
        turns = s["original_max_position_embeddings"] / wavelength
        if turns > s["high_freq_factor"]:
            result.append(f)
        elif turns < s["low_freq_factor"]:
            result.append(f / s["factor"])
        else:
            blend = (turns - s["low_freq_factor"]) / (s["high_freq_factor"] - s["low_freq_factor"])
            result.append((1 - blend) * f / s["factor"] + blend * f)
    return result


def norm(x, weight, eps):
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + eps) * weight


def rotate(x, frequencies):                       # [length, d], pairs (i, i + d/2) as complex numbers
    half = x.shape[1] // 2
    angles = torch.outer(torch.arange(x.shape[0], dtype=torch.float64), torch.tensor(frequencies, dtype=torch.float64))
    turned = torch.complex(x[:, :half].contiguous(), x[:, half:].contiguous()) * torch.polar(torch.ones_like(angles), angles)
    return torch.cat([turned.real, turned.imag], 1)


def forward(c, w, ids, causal):
    d, frequencies = c["head_dim"], inverse_frequencies(c)
    group = c["num_attention_heads"] // c["num_key_value_heads"]
    x = torch.stack([w["model.embed_tokens.weight"][i] for i in ids])
    for i in range(c["num_hidden_layers"]):
        p = f"model.layers.{i}."
        def linear(name, y): return y @ w[p + name + ".weight"].T
        y = norm(x, w[p + "input_layernorm.weight"], c["rms_norm_eps"])
        q, k, v = (linear("self_attn." + name, y) for name in ("q_proj", "k_proj", "v_proj"))
        heads = []
        for h in range(c["num_attention_heads"]):
            g = h // group
            qh = rotate(q[:, h * d:(h + 1) * d], frequencies)
            kh = rotate(k[:, g * d:(g + 1) * d], frequencies)
            scores = qh @ kh.T / math.sqrt(d)
            if causal:
                scores = scores + torch.full_like(scores, -math.inf).triu(1)
            heads.append(torch.softmax(scores, -1) @ v[:, g * d:(g + 1) * d])
        x = x + linear("self_attn.o_proj", torch.cat(heads, 1))
        y = norm(x, w[p + "post_attention_layernorm.weight"], c["rms_norm_eps"])
        gate = linear("mlp.gate_proj", y)
        x = x + linear("mlp.down_proj", gate / (1 + torch.exp(-gate)) * linear("mlp.up_proj", y))
    return norm(x, w["model.norm.weight"], c["rms_norm_eps"])


def numbers(t):
    return [float(f"{v:.9g}") for v in t.reshape(-1).tolist()]


ADAPTER = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": 4, "lora_alpha": 6, "bias": "none", "use_rslora": False,
           "target_modules": ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "lm_head"]}


class Adapted:
    """Stands for a weight W in y @ W.T: adds alpha/r (y A^T) B^T instead of changing W."""

    def __init__(self, weight, a, b):
        self.weight, self.a, self.b = weight, a, b
        self.T = self

    def __rmatmul__(self, y):
        return y @ self.weight.T + ADAPTER["lora_alpha"] / ADAPTER["r"] * ((y @ self.a.T) @ self.b.T)


def adapter(w, seed):
    g = torch.Generator().manual_seed(seed)
    tensors = {}
    for name in sorted(w):
        if name.split(".")[-2] in ADAPTER["target_modules"]:
            rows, columns = w[name].shape
            module = "base_model.model." + name[:-len(".weight")]
            tensors[module + ".lora_A.weight"] = torch.randn(ADAPTER["r"], columns, generator=g) / math.sqrt(columns)
            tensors[module + ".lora_B.weight"] = torch.randn(rows, ADAPTER["r"], generator=g) * 0.3 / math.sqrt(ADAPTER["r"])
    return tensors


def main():
    for name, tied, seed, adapted in [("tiny-tied", True, 11, False), ("tiny-untied", False, 12, False), ("tiny-adapted", False, 12, True)]:
        c = config(tied)
        w = weights(c, seed)
        folder = os.path.join(HERE, name)
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "config.json"), "w") as file:
            json.dump(c, file, indent=1)
            file.write("\n")
        write_safetensors(os.path.join(folder, "model.safetensors"), w)
        lora = adapter(w, seed + 200) if adapted else {}
        if adapted:
            with open(os.path.join(folder, "adapter_config.json"), "w") as file:
                json.dump(ADAPTER, file, indent=1)
                file.write("\n")
            write_safetensors(os.path.join(folder, "adapter_model.safetensors"), lora)
        w = {key: value.double() for key, value in w.items()}
        for module in {key.rsplit(".", 2)[0] for key in lora}:
            key = module[len("base_model.model."):] + ".weight"
            w[key] = Adapted(w[key], lora[module + ".lora_A.weight"].double(), lora[module + ".lora_B.weight"].double())
        head = w["model.embed_tokens.weight"] if tied else w["lm_head.weight"]
        g = torch.Generator().manual_seed(seed + 100)
        cases = []
        for length in LENGTHS:
            ids = torch.randint(0, c["vocab_size"], (length,), generator=g).tolist()
            for causal in (False, True):
                hidden = forward(c, w, ids, causal)
                dense = (hidden / hidden.norm(dim=1, keepdim=True)).mean(0)
                sparse = torch.log(1 + torch.clamp((hidden @ head.T * c["hidden_size"] ** -0.25).max(0).values, min=0))
                cases.append({"ids": ids, "causal": causal, "hidden": numbers(hidden), "dense": numbers(dense), "sparse": numbers(sparse)})
        with open(os.path.join(folder, "reference.json"), "w") as file:
            json.dump({"inverse_frequencies": inverse_frequencies(c), "cases": cases}, file)
            file.write("\n")


main()
