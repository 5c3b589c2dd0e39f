namespace Actors.Reliability.Crash;

/// <summary>What a run of kills has found so far.</summary>
internal sealed class CrashFindings
{
    private readonly Dictionary<(string Backend, string Style), CrashTally> _tallies = [];

    /// <summary>What was not as promised, by promise.</summary>
    public Dictionary<CrashPromise, List<string>> Breaches { get; } =
        Enum.GetValues<CrashPromise>().ToDictionary(promise => promise, _ => new List<string>());

    /// <summary>How many that were.</summary>
    public int Count => Breaches.Values.Sum(found => found.Count);

    /// <summary>By backend and way of writing.</summary>
    public IReadOnlyDictionary<(string Backend, string Style), CrashTally> Tallies => _tallies;

    /// <summary>Times that a file under replacement was read by another process.</summary>
    public long Reads { get; set; }

    /// <summary>Temporary files that kills left.</summary>
    public long LeftOver { get; set; }

    /// <summary>Files that the verifier judged.</summary>
    public long Verdicts { get; set; }

    /// <summary>The tally of a backend and a way of writing.</summary>
    public CrashTally Of(string backend, string style)
    {
        if (!_tallies.TryGetValue((backend, style), out var tally))
        {
            _tallies[(backend, style)] = tally = new CrashTally();
        }

        return tally;
    }

    /// <summary>Writes a breach down, with what is needed to have it again.</summary>
    public void Add(CrashPromise promise, string kill, string breach) => Breaches[promise].Add($"{kill}: {breach}");
}

/// <summary>What kills put to the test.</summary>
internal enum CrashPromise
{
    /// <summary>What was acknowledged as durable is there, whole, at its place.</summary>
    Durable,

    /// <summary>A replaced file is old or new.</summary>
    Replaced,

    /// <summary>What lies about can be told from what is wanted.</summary>
    LeftOver,

    /// <summary>The verifier of the console says what is there.</summary>
    Verdict,

    /// <summary>Nothing failed before the kill.</summary>
    Alive,
}
