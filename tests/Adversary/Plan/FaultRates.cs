namespace Actors.Adversary.Plan;

/// <summary>How often a system call meets a fault, of 10,000.</summary>
/// <param name="Error">It fails with an errno of its man page, and does nothing.</param>
/// <param name="Transient">EINTR or EAGAIN.</param>
/// <param name="Short">A part is transferred.</param>
/// <param name="Zero">A write answers 0.</param>
/// <param name="Slow">It takes some milliseconds.</param>
/// <param name="Stuck">It does not come back until it is let go.</param>
internal sealed record FaultRates(int Error, int Transient, int Short, int Zero, int Slow, int Stuck)
{
    public static FaultRates None { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>Half of all programs see a sound disk, or one that only stands still.</summary>
    public static FaultRates Draw(Random dice) => dice.Next(8) switch
    {
        0 or 1 => None,
        2 or 3 => None with { Slow = 200, Stuck = dice.Next(20, 200) },
        4 => None with { Transient = 1000, Short = 1500, Slow = 50 },
        5 => new(50, 200, 300, 5, 50, 30),
        6 => new(dice.Next(100, 800), 300, 300, 30, 20, 0),
        _ => new(dice.Next(10, 300), 100, 500, 10, 100, dice.Next(100)),
    };

    /// <summary>Whether calls fail that would not on a sound disk.</summary>
    public bool HasErrors => Error + Zero > 0;

    public override string ToString() => this == None
        ? "none"
        : $"error {Error} transient {Transient} short {Short} zero {Zero} slow {Slow} stuck {Stuck}";
}
