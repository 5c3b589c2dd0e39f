using System.Globalization;
using Actors.Bench.Tools;
using Actors.Host.Machine;

namespace Actors.Bench.Reporting;

/// <summary>Where and with what something was measured.</summary>
/// <param name="Date">When it began, UTC.</param>
/// <param name="Commit">Of this repository, or "unknown".</param>
/// <param name="Cpu">Model of the processor, as far as the kernel tells.</param>
/// <param name="Load">Load average of the last minute at the beginning; well above 0 means that others were at work.
/// </param>
/// <param name="Machine">Kernel, cores, file system, .NET.</param>
/// <param name="Tools">Versions of the peers' tools.</param>
internal sealed record MachineFacts(
    DateTimeOffset Date,
    string Commit,
    string Cpu,
    double Load,
    MachineInfo Machine,
    IReadOnlyDictionary<string, string> Tools)
{
    private const string Unknown = "unknown";

    /// <summary>This machine, now.</summary>
    public static async Task<MachineFacts> CollectAsync(string directory)
    {
        var tools = new Dictionary<string, string>();
        foreach (var tool in (string[])["cc", "fio", "node", "python3"])
        {
            tools[tool] = await FirstLineAsync(tool, "--version");
        }

        return new MachineFacts(
            DateTimeOffset.UtcNow,
            await FirstLineAsync("git", "-C", AppContext.BaseDirectory, "rev-parse", "--short", "HEAD"),
            FieldOf("/proc/cpuinfo", "model name"),
            Load1(),
            MachineInfo.Of(directory),
            tools);
    }

    private static async Task<string> FirstLineAsync(string program, params string[] arguments)
    {
        if (ProgramPath.Find(program) is not { } path)
        {
            return "not installed";
        }

        var command = await Command.RunAsync(path, arguments);
        return command.ExitCode == 0 ? command.Output.Split('\n')[0].Trim() : Unknown;
    }

    private static string FieldOf(string file, string name) => File.Exists(file)
        ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))
            ?.Split(':', 2)[^1].Trim() ?? Unknown
        : Unknown;

    private static double Load1()
    {
        const string file = "/proc/loadavg";
        return File.Exists(file)
            ? double.Parse(File.ReadAllText(file).Split(' ')[0], CultureInfo.InvariantCulture)
            : 0;
    }
}
