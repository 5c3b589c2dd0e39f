using System.CommandLine;
using Actors.Reliability.Reporting;
using Actors.Reliability.Verbs;

namespace Actors.Reliability.Crash;

/// <summary><c>crash</c>: kills writing processes, and looks for what was acknowledged.</summary>
internal sealed class CrashVerb : IVerb
{
    private readonly Option<int> _kills = new("--kills")
    {
        HelpName = "N", Description = "How many.", DefaultValueFactory = _ => 200,
    };

    private readonly Option<int> _seed = new("--seed")
    {
        HelpName = "N",
        Description = "Decides what is written, and how long each victim lives.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<int> _within = new("--within")
    {
        HelpName = "MS",
        Description = "The longest that a victim may write after its first acknowledgement, in milliseconds.",
        DefaultValueFactory = _ => 1200,
    };

    private readonly Option<bool> _powerCut = new("--power-cut")
    {
        Description = "Has the victims write to a file system of their own (ext4 in a file; needs root and loop "
            + "devices), and cuts its power after each kill: what was not synced is gone.",
    };

    private readonly Option<string> _directory = new("--dir")
    {
        HelpName = "DIR",
        Description = "Where the files go.",
        DefaultValueFactory = _ => Path.Combine("out", "crash"),
    };

    private readonly Option<string?> _backend = BackendOption.Create();

    public string Name => "crash";

    public string Description =>
        "Kills writing processes by SIGKILL: what they were told to be durable has to be there, whole.";

    public IReadOnlyList<Option> Options => [_kills, _seed, _within, _powerCut, _directory, _backend];

    public Task<RunReport> RunAsync(ParseResult parsed, TextWriter progress, CancellationToken cancellation)
    {
        var directory = Path.GetFullPath(parsed.GetValue(_directory)!);
        var options = new CrashOptions(
            parsed.GetValue(_kills), parsed.GetValue(_seed),
            BackendOption.Resolve(parsed.GetValue(_backend), directory),
            TimeSpan.FromMilliseconds(parsed.GetValue(_within)), parsed.GetValue(_powerCut), directory);
        if (options.Kills < 1 || options.Within < TimeSpan.Zero)
        {
            throw new VerbUsageException("--kills must be 1 or more, --within 0 or more");
        }

        return new CrashRun(options, progress).RunAsync(cancellation);
    }
}
