namespace Actors.Reliability.Crash;

/// <summary>What kills came to: of one way of writing, or of the console.</summary>
internal sealed class CrashTally
{
    /// <summary>Kills.</summary>
    public long Kills { get; set; }

    /// <summary>Units that were acknowledged as durable.</summary>
    public long Acknowledged { get; set; }

    /// <summary>Whole units that were found.</summary>
    public long Found { get; set; }
}
