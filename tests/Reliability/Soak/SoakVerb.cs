using System.CommandLine;
using Actors.Reliability.Reporting;
using Actors.Reliability.Verbs;

namespace Actors.Reliability.Soak;

/// <summary><c>soak</c>: mixed load with faults, for as long as it is told.</summary>
internal sealed class SoakVerb : IVerb
{
    private readonly Option<double> _minutes = new("--minutes")
    {
        HelpName = "N", Description = "How long the load lasts.", DefaultValueFactory = _ => 10,
    };

    private readonly Option<double?> _warmUp = new("--warm-up")
    {
        HelpName = "S",
        Description = "Seconds whose samples are left out. Default: a third of the time, at least 20 s.",
    };

    private readonly Option<int> _seed = new("--seed")
    {
        HelpName = "N", Description = "Decides loads and faults.", DefaultValueFactory = _ => 1,
    };

    private readonly Option<int> _files = new("--files")
    {
        HelpName = "N",
        Description = "Files at a time, over all engines.",
        DefaultValueFactory = _ => 300,
    };

    private readonly Option<string> _directory = new("--dir")
    {
        HelpName = "DIR",
        Description = "Where the files go.",
        DefaultValueFactory = _ => Path.Combine("out", "soak"),
    };

    private readonly Option<string?> _backend = BackendOption.Create();

    public string Name => "soak";

    public string Description =>
        "Mixed load with faults on every backend at once: nothing unanswered, nothing wrong, nothing that grows.";

    public IReadOnlyList<Option> Options => [_minutes, _warmUp, _seed, _files, _directory, _backend];

    public Task<RunReport> RunAsync(ParseResult parsed, TextWriter progress, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new VerbUsageException("soak looks into /proc, which is Linux's");
        }

        var directory = Path.GetFullPath(parsed.GetValue(_directory)!);
        var duration = TimeSpan.FromMinutes(parsed.GetValue(_minutes));
        var warmUp = TimeSpan.FromSeconds(parsed.GetValue(_warmUp) ?? Math.Max(20, duration.TotalSeconds / 3));
        var backends = BackendOption.Resolve(parsed.GetValue(_backend), directory);
        var files = parsed.GetValue(_files);
        if (files < backends.Count || duration <= warmUp)
        {
            throw new VerbUsageException("--files must be one or more for each backend, --minutes more than --warm-up");
        }

        var options = new SoakOptions(duration, warmUp, parsed.GetValue(_seed), files, backends, directory);
        return new SoakRun(options, progress).RunAsync(cancellation);
    }
}
