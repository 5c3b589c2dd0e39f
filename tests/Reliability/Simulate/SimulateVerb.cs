using System.CommandLine;
using Actors.Reliability.Reporting;
using Actors.Reliability.Verbs;

namespace Actors.Reliability.Simulate;

/// <summary><c>simulate</c>: engines on simulated disks in virtual time, one for each seed.</summary>
internal sealed class SimulateVerb : IVerb
{
    private readonly Option<int> _seeds = new("--seeds")
    {
        HelpName = "N", Description = "How many.", DefaultValueFactory = _ => 5000,
    };

    private readonly Option<int> _faces = new("--faces")
    {
        HelpName = "N",
        Description = "How many seeds of the async face come after them. Its clients run on the thread pool, so that a "
            + "seed says what they do, and not when.",
        DefaultValueFactory = _ => 1000,
    };

    private readonly Option<int> _first = new("--first")
    {
        HelpName = "N", Description = "The first of them.", DefaultValueFactory = _ => 0,
    };

    private readonly Option<int?> _seed = new("--seed")
    {
        HelpName = "N", Description = "Only this one, and everything that was sent, done and answered in it.",
    };

    public string Name => "simulate";

    public string Description =>
        "Plays random programs on whole engines with a disk, a time and a scheduling made from a seed, and checks all.";

    public IReadOnlyList<Option> Options => [_seeds, _faces, _first, _seed];

    public Task<RunReport> RunAsync(ParseResult parsed, TextWriter progress, CancellationToken cancellation)
    {
        var (count, faces, first) = (parsed.GetValue(_seeds), parsed.GetValue(_faces), parsed.GetValue(_first));
        if (count < 1 || faces < 0)
        {
            throw new VerbUsageException("--seeds must be 1 or more, --faces 0 or more");
        }

        var runs = parsed.GetValue(_seed) is { } seed
            ? new SimulationRuns(seed, 1, 0, progress) { IsTraced = true }
            : new SimulationRuns(first, count, faces, progress);
        return Task.Run(() => runs.Run(cancellation), CancellationToken.None);
    }
}
