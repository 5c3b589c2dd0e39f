namespace Actors.Adversary.Plan;

/// <summary>How often a system call meets a fault, of 10,000.</summary>
/// <param name="Error">It fails with an errno of its man page, and does nothing.</param>
/// <param name="Transient">EINTR or EAGAIN.</param>
/// <param name="Short">A part is transferred.</param>
/// <param name="Zero">A write answers 0.</param>
/// <param name="Slow">It takes some milliseconds.</param>
/// <param name="Stuck">It does not come back until it is let go.</param>
/// <param name="Full">The disk has room for a part of what is written, and for nothing of some writes after it.</param>
internal sealed record FaultRates(int Error, int Transient, int Short, int Zero, int Slow, int Stuck, int Full = 0)
{
    public static FaultRates None { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>Half of all programs see a sound disk, or one that only stands still.</summary>
    /// <param name="dice">Of the plan.</param>
    /// <param name="hasLimit">Whether operations have a time limit: then it is more often one that tries that.</param>
    public static FaultRates Draw(Random dice, bool hasLimit) => hasLimit && dice.Next(2) == 0
        ? DrawTime(dice)
        : dice.Next(10) switch
        {
            0 or 1 => None,
            2 or 3 => None with { Slow = 200, Stuck = dice.Next(20, 200) },
            4 or 5 => None with { Transient = 1000, Short = 1500, Slow = 50 },
            6 => new(50, 200, 300, 5, 50, 30),
            7 => new(dice.Next(100, 800), 300, 300, 30, 20, 0),
            8 => None with { Short = dice.Next(500), Full = dice.Next(100, 1500) },
            _ => new(dice.Next(10, 300), 100, 500, 10, 100, dice.Next(100), dice.Next(100)),
        };

    /// <summary>Whether calls fail that would not on a sound disk.</summary>
    public bool HasErrors => Error + Zero + Full > 0;

    public override string ToString() => this == None
        ? "none"
        : $"error {Error} transient {Transient} short {Short} zero {Zero} slow {Slow} stuck {Stuck} full {Full}";

    /// <summary>A disk that takes its time for many calls and ends each, or one that stands still.</summary>
    private static FaultRates DrawTime(Random dice) => dice.Next(2) == 0
        ? None with { Slow = dice.Next(2000, 9500) }
        : None with { Slow = 100, Stuck = dice.Next(50, 400) };
}
