"""Reference vectors for schedules: the learning rates of 20 steps. See references.py."""

import torch
from references import Vectors
from torch.optim import lr_scheduler as schedulers

vectors = Vectors("TrainingTests", "schedules")
STEPS = 20


def optimizer(rate):
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)


def schedule(case, make, rate=0.1, losses=None):
    made = optimizer(rate)
    scheduler = make(made)
    rates = []
    for count in range(STEPS):
        rates.append(made.param_groups[0]["lr"])
        made.step()
        scheduler.step(*([losses[count]] if losses else []))
    vectors.add(f"schedule/{case}", rates=torch.tensor(rates, dtype=torch.float64))


schedule("constant", lambda o: schedulers.ConstantLR(o, factor=0.3, total_iters=5))
schedule("step", lambda o: schedulers.StepLR(o, step_size=3, gamma=0.5))
schedule("multi-step", lambda o: schedulers.MultiStepLR(o, milestones=[2, 9, 10], gamma=0.2))
schedule("exponential", lambda o: schedulers.ExponentialLR(o, gamma=0.9))
schedule("polynomial", lambda o: schedulers.PolynomialLR(o, total_iters=15, power=2.0))
schedule("inverse-time", lambda o: schedulers.LambdaLR(o, lambda t: 1 / (1 + 0.25 * t)))
schedule("linear", lambda o: schedulers.LinearLR(o, start_factor=0.25, end_factor=0.8, total_iters=12))
schedule("cosine", lambda o: schedulers.CosineAnnealingLR(o, T_max=20, eta_min=0.01))
schedule("cosine-past-its-end", lambda o: schedulers.CosineAnnealingLR(o, T_max=8, eta_min=0.01))
schedule("cosine-restarts", lambda o: schedulers.CosineAnnealingWarmRestarts(o, T_0=5, eta_min=0.01))
schedule("cosine-restarts-growing", lambda o: schedulers.CosineAnnealingWarmRestarts(o, T_0=3, T_mult=2))
schedule("cyclic", lambda o: schedulers.CyclicLR(o, 0.1, 0.5, step_size_up=4, cycle_momentum=False))
schedule(
    "cyclic-halving",
    lambda o: schedulers.CyclicLR(o, 0.1, 0.5, step_size_up=3, step_size_down=5, mode="triangular2", cycle_momentum=False),
)
schedule(
    "cyclic-exponential",
    lambda o: schedulers.CyclicLR(o, 0.1, 0.5, step_size_up=4, mode="exp_range", gamma=0.9, cycle_momentum=False),
)
schedule("one-cycle", lambda o: schedulers.OneCycleLR(o, max_lr=0.5, total_steps=21, cycle_momentum=False))
schedule(
    "one-cycle-linear",
    lambda o: schedulers.OneCycleLR(
        o, 0.5, 21, pct_start=0.4, div_factor=10, final_div_factor=100, anneal_strategy="linear", cycle_momentum=False
    ),
)
# "Attention is all you need", equation 3, of step t + 1
schedule("noam", lambda o: schedulers.LambdaLR(o, lambda t: 64**-0.5 * min((t + 1) ** -0.5, (t + 1) * 7**-1.5)), rate=1)
schedule("warm-up", lambda o: schedulers.LinearLR(o, start_factor=1 / 8, total_iters=7))
schedule(
    "sequence",
    lambda o: schedulers.SequentialLR(
        o,
        [
            schedulers.LinearLR(o, start_factor=1 / 5, total_iters=4),
            schedulers.CosineAnnealingLR(o, T_max=10),
            schedulers.ConstantLR(o, factor=0.05, total_iters=100),
        ],
        milestones=[5, 15],
    ),
)
schedule(
    "chained",
    lambda o: schedulers.ChainedScheduler(
        [schedulers.ConstantLR(o, factor=0.1, total_iters=4), schedulers.ExponentialLR(o, gamma=0.9)]
    ),
)

losses = [1.0, 0.8, 0.85, 0.81, 0.82, 0.83, 0.79999, 0.84, 0.7, 0.71, 0.72, 0.73, 0.74, 0.75, 0.76, 0.6, 0.61, 0.62, 0.63, 0.64]
vectors.add("losses", losses=torch.tensor(losses, dtype=torch.float64))
schedule("plateau", lambda o: schedulers.ReduceLROnPlateau(o, patience=2), losses=losses)
schedule(
    "plateau-cooldown",
    lambda o: schedulers.ReduceLROnPlateau(o, factor=0.5, patience=1, threshold=0.02, cooldown=2, min_lr=0.02),
    losses=losses,
)

vectors.write()
