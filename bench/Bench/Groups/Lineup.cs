using Actors.Bench.Contestants;
using Actors.Bench.Contests;
using Actors.Bench.Ours;
using Actors.Bench.Tools;
using Actors.Engine;

namespace Actors.Bench.Groups;

/// <summary>Makes contestants, with the same name for the same one in every contest.</summary>
internal static class Lineup
{
    /// <summary>The backend of an engine that nothing is configured for.</summary>
    public const string Default = "auto";

    /// <summary>Packages of the peers in C.</summary>
    private const string CPackages = "gcc libc6-dev";

    private static readonly string PythonSource = Toolbox.PeerSource("python/lines.py");
    private static readonly string NodeSource = Toolbox.PeerSource("node/lines.mjs");

    /// <summary>The name of one of ours.</summary>
    public static string Ours(string backend) => $"ours {backend}";

    /// <summary>A phase of a shipped scenario on one backend.</summary>
    public static WarmContestant Ours(
        string name, IWork work, string scenario, string phase, string backend, params IEnumerable<string> settings) =>
        InProcess(name, work, () => new EnginePhase(scenario, phase, backend, settings));

    /// <summary>Ours in any other way.</summary>
    public static WarmContestant InProcess(string name, IWork work, Func<IWarmRunner> runner) =>
        new(name, true, work, runner);

    /// <summary>The same by default, and on each backend there is.</summary>
    public static IEnumerable<WarmContestant> OursOnEach(
        IWork work, string scenario, string phase, params IEnumerable<string> settings) =>
        BackendProbe.Names.Prepend(Default)
            .Select(backend => Ours(Ours(backend), work, scenario, phase, backend, settings));

    /// <summary>A peer in C.</summary>
    public static CommandContestant InC(string name, IWork work, string source, params int[] arguments) =>
        new(name, work, async tools => [await tools.CompileAsync(source, [], CPackages)], arguments);

    /// <summary>A peer in C that uses liburing.</summary>
    public static CommandContestant InCWithUring(string name, IWork work, string source, params int[] arguments) =>
        new(
            name,
            work,
            async tools => [await tools.CompileAsync(source, ["uring", "pthread"], $"{CPackages} liburing-dev")],
            arguments);

    /// <summary>A way of lines.py.</summary>
    public static CommandContestant InPython(string name, IWork work, string way, params int[] arguments) =>
        new(
            name,
            work,
            tools => Task.FromResult<string[]>([tools.Find("python3", "python3"), PythonSource, way]),
            arguments);

    /// <summary>The way of lines.py that needs aiofiles.</summary>
    public static CommandContestant InPythonWithAiofiles(
        string name, IWork work, string way, params int[] arguments) =>
        new(
            name,
            work,
            async tools => [await tools.PythonWithAiofilesAsync(), PythonSource, way],
            arguments);

    /// <summary>A way of lines.mjs.</summary>
    public static CommandContestant InNode(string name, IWork work, string way, params int[] arguments) =>
        new(
            name,
            work,
            tools => Task.FromResult<string[]>([tools.Find("node", "nodejs"), NodeSource, way]),
            arguments);

    /// <summary>A .NET peer.</summary>
    public static WarmContestant InDotNet(string name, IWork work, Func<IWarmRunner> runner) =>
        new(name, false, work, runner);
}
