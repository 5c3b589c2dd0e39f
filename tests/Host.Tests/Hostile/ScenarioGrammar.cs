using System.Text;
using Actors.Engine.Configuration;
using Akka.Configuration.Hocon;

namespace Actors.Host.Tests.Hostile;

/// <summary>
/// Writes scenarios: every key of <c>scenario</c>, and of the engine as its reference.conf has them. Small enough to be
/// run, and mostly legal, until a hostile value takes the place of one.
/// </summary>
internal sealed class ScenarioGrammar(Random random)
{
    private const string Section = "actors.engine";

    /// <summary>Every setting of the engine with its default.</summary>
    public static readonly IReadOnlyList<(string Key, string Default)> EngineSettings =
        [.. Leaves(Section, Engine.Configuration.EngineSettings.ReferenceConfig.GetConfig(Section).Root)];

    /// <summary>Every key of a phase.</summary>
    public static readonly IReadOnlyList<string> PhaseKeys =
    [
        "name", "operation", "unit", "count", "line", "sync", "verify", "size", "block-size", "pattern", "in-flight",
        "direct", "read-percent", "duration", "warmup", "sync-every",
    ];

    // Sections that are not the console's own.
    private static readonly string[] OutsideKeys =
    [
        "akka", "akka.loglevel", "akka.loggers", "akka.actor", "akka.actor.provider", "akka.actor.default-dispatcher",
        "akka.actor.default-dispatcher.throughput", "akka.coordinated-shutdown", "akka.scheduler.implementation",
        "actors", "actors.enginee.shards", "actors.engine-mailbox.file.mailbox-type", "akka.stdout-loglevel", "other",
    ];

    // Half of the scenarios are as their writer meant them.
    private readonly bool _isTame = random.OnceIn(2);
    private readonly StringBuilder _text = new();

    /// <summary>The next scenario.</summary>
    public string Next()
    {
        _text.Clear();
        _text.AppendLine("scenario {");
        Assign("name", "hostile", Any);
        Assign("directory", "out", () => $"\"{random.Pick(HostileInputs.Directories)}\"");
        Assign("files", random.Pick(["1", "2", "3"]), Any);
        Assign("file-name", "\"{file}.txt\"", () => HostileValues.NextFileName(random));
        Assign("backends", random.Pick(["sync", "[sync, thread-pool]", "auto", "[sync-thread]", "[io-uring]"]), Any);
        Maybe("skip-backends", "[linux-aio]");
        Maybe("verify", "on");
        Maybe("seed", "7");
        AppendPhases();
        _text.AppendLine("}");
        AppendEngine();
        return _text.ToString();
    }

    private static IEnumerable<(string Key, string Default)> Leaves(string path, HoconValue value) => value.IsObject()
        ? value.GetObject().Items.SelectMany(item => Leaves($"{path}.{item.Key}", item.Value))
        : [(path, value.GetString())];

    private void AppendPhases()
    {
        var blocks = random.OnceIn(3);
        _text.AppendLine("  phases = [");
        AppendPhase(blocks ? LayoutOfBlocks() : LayoutOfLines());
        for (var i = random.Next(3); i > 0; i--)
        {
            AppendPhase(blocks ? NextOfBlocks(i) : [("name", $"read{i}"), ("operation", "read"), ("unit", "line")]);
        }

        _text.AppendLine("  ]");
    }

    private List<(string, string)> LayoutOfLines() =>
    [
        ("name", "write"), ("operation", "write"), ("unit", "line"), ("count", random.Pick(["1", "7", "50"])),
        ("line", random.Pick(["\"line {line} of {file}\"", "\"\"", "\"{{}}\"", "\"{line}{line}\"", "plain"])),
        ("sync", random.Pick(["on", "off"])),
    ];

    private List<(string, string)> LayoutOfBlocks() =>
    [
        ("name", "layout"), ("operation", "write"), ("unit", "block"), ("count", random.Pick(["1", "8", "33"])),
        ("block-size", random.Pick(["32", "33", "4KiB", "512"])), ("pattern", random.Pick(["sequential", "random"])),
        ("in-flight", random.Pick(["1", "8"])), ("direct", random.OnceIn(5) ? "on" : "off"),
    ];

    private List<(string, string)> NextOfBlocks(int number) =>
    [
        ("name", $"next{number}"), ("operation", random.Pick(["read", "mixed", "write"])), ("unit", "block"),
        ("duration", random.Pick(["1ms", "20ms"])), ("warmup", random.Pick(["0", "5ms"])),
        ("pattern", random.Pick(["sequential", "random"])), ("in-flight", random.Pick(["1", "8"])),
        ("sync-every", "5"),
    ];

    private void AppendPhase(List<(string Key, string Value)> phase)
    {
        _text.Append("    { ");
        var keys = phase.Select(p => $"{p.Key} = {(IsHostile(25) ? HostileValues.Next(random) : p.Value)}").ToList();
        if (IsHostile(8))
        {
            keys.Add($"{random.Pick(PhaseKeys)} = {HostileValues.Next(random)}");
        }

        _text.AppendJoin(", ", keys).AppendLine(" }");
    }

    private void AppendEngine()
    {
        if (random.OnceIn(3))
        {
            return;
        }

        for (var i = random.Next(5); i > 0; i--)
        {
            var (key, normal) = random.Pick(EngineSettings);
            var value = IsHostile(3) ? HostileValues.Next(random) : $"\"{normal}\"";
            _text.AppendLine($"{key} = {value}");
        }

        if (IsHostile(6))
        {
            _text.AppendLine($"{random.Pick(OutsideKeys)} = {HostileValues.Next(random)}");
        }
    }

    private bool IsHostile(int times) => !_isTame && random.OnceIn(times);

    private string Any() => HostileValues.Next(random);

    private void Assign(string key, string value, Func<string> hostile) =>
        _text.AppendLine($"  {key} = {(IsHostile(12) ? hostile() : value)}");

    private void Maybe(string key, string value)
    {
        if (random.OnceIn(3))
        {
            Assign(key, value, Any);
        }
    }
}
