namespace Actors.Bench.Contests;

/// <summary>How much is done, and how often.</summary>
/// <param name="IsBrief">A try-out: small work, figures not to be quoted.</param>
/// <param name="Rounds">How often everyone does it.</param>
internal sealed record Scale(bool IsBrief, int Rounds)
{
    /// <summary>Rounds unless asked for otherwise.</summary>
    public const int RoundsDefault = 5;

    /// <summary>The same for a brief run.</summary>
    public const int RoundsBrief = 2;

    /// <summary>Files of the article's work.</summary>
    public int Files => IsBrief ? 20 : 100;

    /// <summary>Lines of each.</summary>
    public int Lines => IsBrief ? 1_000 : 10_000;
}
