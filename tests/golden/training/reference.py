#!/usr/bin/python3
"""Reference numbers for losses, heads, optimiser and schedules, in plain PyTorch (Debian's python3-torch 1.13); shares no code with the C#.

    /usr/bin/python3 reference.py          # rewrites reference.json beside this file

Everything is computed in float64. Losses are written as their papers write them, in loops where that is clearer; gradients are autograd's.
"""
import json, math, os
import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
HERE = os.path.dirname(os.path.abspath(__file__))
G = torch.Generator().manual_seed(41)


def draw(*shape, scale=1.0):
    return (torch.randn(*shape, generator=G) * scale).requires_grad_()


def numbers(t):
    return [float(f"{v:.12g}") for v in t.detach().reshape(-1).tolist()]


def case(inputs, loss, **more):
    loss.backward()
    return {"inputs": {k: {"shape": list(v.shape), "values": numbers(v)} for k, v in inputs.items()},
            "loss": float(loss), "gradients": {k: numbers(v.grad) for k, v in inputs.items() if v.grad is not None}, **more}


def info_nce(q, p, group, temperature):
    total = 0.0
    for i in range(q.shape[0]):
        scores = torch.stack([(q[i] * p[j]).sum() / temperature for j in range(p.shape[0])])
        total = total - torch.log(torch.exp(scores[i * group] - scores.max()) / torch.exp(scores - scores.max()).sum())
    return total / q.shape[0]


def own_scores(q, p, group, temperature):
    return torch.stack([torch.stack([(q[i] * p[i * group + j]).sum() / temperature for j in range(group)]) for i in range(q.shape[0])])


def kl(student, teacher):
    return torch.nn.KLDivLoss(reduction="batchmean")(torch.log_softmax(student, 1), torch.softmax(teacher, 1))


def flops(w):
    return sum((w[:, j].abs().sum() / w.shape[0]) ** 2 for j in range(w.shape[1]))


def losses():
    cases, group = {}, 3
    for name, temperature in [("info_nce", 1.0), ("info_nce_cold", 0.05)]:
        q, p = draw(4, 5, scale=0.6), draw(12, 5, scale=0.6)
        cases[name] = case({"queries": q, "passages": p}, info_nce(q, p, group, temperature), group=group, temperature=temperature)
    q, p = draw(4, 5, scale=0.6), draw(4, 5, scale=0.6)
    cases["info_nce_pairs"] = case({"queries": q, "passages": p}, info_nce(q, p, 1, 0.5), group=1, temperature=0.5)
    q, p, teacher = draw(4, 5), draw(8, 5), draw(4, 2, scale=3).detach()
    s = own_scores(q, p, 2, 0.7)
    cases["margin_mse"] = case({"queries": q, "passages": p, "teacher": teacher},
                               (((s[:, 0] - s[:, 1]) - (teacher[:, 0] - teacher[:, 1])) ** 2).sum() / 4, group=2, temperature=0.7)
    q, p, teacher = draw(4, 5), draw(12, 5), draw(4, 3, scale=3).detach()
    cases["kl"] = case({"queries": q, "passages": p, "teacher": teacher}, kl(own_scores(q, p, 3, 0.7), teacher), group=3, temperature=0.7)
    q, p, teacher = draw(4, 5), draw(12, 5), draw(4, 3, scale=3).detach()
    cases["cl_kd"] = case({"queries": q, "passages": p, "teacher": teacher},
                          0.5 * (info_nce(q, p, 3, 0.7) + kl(own_scores(q, p, 3, 0.7), teacher)), group=3, temperature=0.7)
    w = draw(5, 7)
    cases["flops"] = case({"weights": w}, flops(w))
    return cases


def sparse_head():                                # texts of 3, 5 and 5 tokens, packed by length
    lengths, h, v, scale = [3, 5, 5], 6, 17, 0.8
    hidden, head, weight = draw(sum(lengths), h), draw(v, h), draw(len(lengths), v).detach()
    rows, start = [], 0
    for n in lengths:
        logits = hidden[start:start + n] @ head.T * scale
        rows.append(torch.log1p(torch.relu(logits)).max(0).values)
        start += n
    w = torch.stack(rows)
    return case({"hidden": hidden, "head": head, "weight": weight}, (w * weight).sum(), lengths=lengths, scale=scale, output=numbers(w))


def mntp():                                       # two blocks of 6 tokens; token t is predicted from the state at t - 1
    hidden, head = draw(12, 4), draw(9, 4)
    chosen, targets = [(0, 2), (0, 5), (1, 1), (1, 4)], [3, 0, 8, 3]
    total = 0.0
    for (block, t), target in zip(chosen, targets):
        total = total - torch.log_softmax(hidden[block * 6 + t - 1] @ head.T, 0)[target]
    return case({"hidden": hidden, "head": head}, total / len(chosen), block=6, chosen=chosen, targets=targets)


def adam_w():
    start, rates, decay = draw(2, 3).detach(), [1e-2, 8e-3, 5e-3, 1e-3, 2e-4], 0.1
    parameter = start.clone().requires_grad_()
    optimiser, steps = torch.optim.AdamW([parameter], lr=1.0, betas=(0.9, 0.999), eps=1e-8, weight_decay=decay), []
    for rate in rates:
        optimiser.param_groups[0]["lr"] = rate
        parameter.grad = draw(2, 3).detach()
        steps.append({"rate": rate, "gradient": numbers(parameter.grad)})
        optimiser.step()
        steps[-1]["after"] = numbers(parameter)
    return {"shape": [2, 3], "start": numbers(start), "weight_decay": decay, "steps": steps}


def clipping():
    result = []
    for limit in (1.0, 100.0):
        a, b = draw(3, 2), draw(4)
        a.grad, b.grad = draw(3, 2).detach(), draw(4).detach()
        before = [numbers(a.grad), numbers(b.grad)]
        norm = torch.nn.utils.clip_grad_norm_([a, b], limit)
        result.append({"limit": limit, "before": before, "norm": float(norm), "after": [numbers(a.grad), numbers(b.grad)]})
    return result


def schedules():
    peak, warm, total = 1e-4, 4, 20
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=peak)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda t: t / warm if t < warm else max(0.0, (total - t) / (total - warm)))
    rates = []
    for _ in range(total + 1):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    return {"peak": peak, "warmup": warm, "total": total, "rates": rates,
            "ramp": {"weight": 0.05, "steps": 7, "values": [0.05 * min(1.0, t / 7) ** 2 for t in range(12)]}}


def main():
    document = {"losses": losses(), "sparse_head": sparse_head(), "mntp": mntp(), "adam_w": adam_w(), "clipping": clipping(), "schedules": schedules()}
    with open(os.path.join(HERE, "reference.json"), "w") as file:
        json.dump(document, file, indent=1)
        file.write("\n")


main()
