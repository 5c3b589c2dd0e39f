using Actors.Engine.Configuration;
using Actors.Host.Commands;
using Actors.Host.Running;
using Actors.Host.Scenarios;
using Actors.Host.Terminal;

namespace Actors.Host.Tests.Hostile;

/// <summary>What a command line asks for, read by the console's own loader, before it is let loose.</summary>
internal static class RequestedRun
{
    private const long UnitsMax = 3000;
    private const long BytesMax = 8 << 20;
    private const int ShardsMax = 16;
    private const int ThreadsMax = 64;

    private static readonly TimeSpan TimeMax = TimeSpan.FromMilliseconds(200);

    /// <summary>The scenario that a run was asked for; null when it is refused, or none was asked for.</summary>
    public static Scenario? Of(IReadOnlyList<string> arguments)
    {
        var at = arguments.ToList().IndexOf("run");
        if (at < 0 && arguments.Count > 0)
        {
            return null;
        }

        using var interruption = new Interruption();
        var command = new RunCommand(new Consoles(TextWriter.Null, TextWriter.Null), interruption);
        var parsed = ActorsCommand.Parse(command.Build(), [.. arguments.Skip(at + 1)]);
        try
        {
            return parsed.Errors.Count > 0 ? null : command.Load(parsed);
        }
        catch (Exception e) when (e is UsageException or HoconException or Engine.FileEngineConfigurationException)
        {
            return null;
        }
        catch (Exception)
        {
            // What the loader must not throw: the command is run, and shows it.
            return null;
        }
    }

    /// <summary>Whether it is over soon.</summary>
    public static bool IsSmall(Scenario scenario)
    {
        var files = scenario.Settings.Files;
        var phases = scenario.Settings.Phases;
        return phases.Sum(p => (decimal)p.Count * files) <= UnitsMax
            && phases.Sum(p => (decimal)p.Count * UnitSize(p, files) * files) <= BytesMax
            && phases.All(p => (p.RunTime ?? TimeSpan.Zero) <= TimeMax)
            && (scenario.Engine.Shards ?? 1) <= ShardsMax
            && (scenario.Engine.Backend.ThreadPool.Workers ?? 1) <= ThreadsMax;
    }

    /// <summary>Whether all its files are below its directory, and that below another.</summary>
    public static bool StaysWithin(Scenario scenario, string root) =>
        IsBelow(scenario.Directory, root)
        && Enumerable.Range(0, Math.Min(scenario.Settings.Files, 1000)).All(file => IsBelow(
            Path.GetFullPath(Path.Combine(scenario.Directory, "backend", scenario.FileNames.NameOf(file))),
            Path.Combine(scenario.Directory, "backend")));

    private static bool IsBelow(string path, string root) =>
        path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static int UnitSize(PhaseSettings phase, int files) => phase.BlockSize ?? phase.Lines().LargestUnit(files);
}
