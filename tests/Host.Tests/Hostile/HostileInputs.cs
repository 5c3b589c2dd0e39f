using System.Text;

namespace Actors.Host.Tests.Hostile;

/// <summary>Makes a <see cref="HostileInput"/> from a seed.</summary>
internal sealed class HostileInputs
{
    /// <summary>Directories of runs, as the command in <see cref="Sandbox.Work"/> may be given them.</summary>
    public static readonly IReadOnlyList<string> Directories =
    [
        "out", "out", "out", "out/deep/er", "./out", "../beside/out", "scenario.conf", "scenario.conf/below", "pipe",
        "link-out", "dangling", "full", "", " ", "-", "--dir", new('d', 300), "out\0", "out\u001b[2J", "out\nout",
    ];

    private static readonly string[] Targets =
    [
        "-", "report.json", "pipe", "directory", "gone/report", "scenario.conf/below", "/dev/full", "", "\0",
        "dangling",
    ];

    private static readonly string[] Strays =
    [
        "--bogus", "-x", "--", "-", "", "@scenario.conf", "@pipe", "@/dev/zero", "[suggest]", "[diagram]", "run",
        "verify", "--help", "-h", "-?", "--version", "/?", "--force", "--force=perhaps", "--quiet", "--quiet:true",
        "--dir", "--json", "--csv", "--set", "--backend", "--dir=", "--set=", "--set=a", "--set==", "\u001b[2J", "\0",
        "scenario.conf", "gone.conf", "directory", "pipe", "/dev/null", "/dev/zero", "link.conf", "loop.conf",
        new('a', 5000), "\uD83D\uDE00", "\uD83D",
    ];

    private readonly int _seed;
    private readonly Random _random;

    private HostileInputs(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
    }

    /// <summary>Always the same for the same seed.</summary>
    public static HostileInput Of(int seed) => new HostileInputs(seed).Next();

    private HostileInput Next()
    {
        var mutator = new TextMutator(_random);
        var grammar = new ScenarioGrammar(_random);
        var text = _random.OnceIn(8) ? Shipped() : grammar.Next();
        List<PlantedEntry> entries =
        [
            PlantedEntry.File("canary/precious.txt", "precious"u8.ToArray()),
            PlantedEntry.File("canary/inner/0.txt", "precious"u8.ToArray()),
            PlantedEntry.File("work/scenario.conf", mutator.Next(text)),
            PlantedEntry.File("work/included.conf", mutator.Next("scenario.files = 2\n")),
            PlantedEntry.Pipe("work/pipe"),
            PlantedEntry.Directory("work/directory"),
            PlantedEntry.Link("work/link.conf", "scenario.conf"),
            PlantedEntry.Link("work/loop.conf", "loop.conf"),
            PlantedEntry.Link("work/dangling", "../canary/gone"),
            PlantedEntry.Link("work/link-out", "directory"),
            PlantedEntry.Link("work/full", "/dev/full"),
            .. Traps(),
        ];
        return new HostileInput(_seed, NextCommandLine(), entries);
    }

    private string Shipped() =>
        File.ReadAllText(ActorsCommandLine.Shipped(_random.Pick(["quick.conf", "blocks.conf", "offsets.conf"])));

    // What somebody planted where the run will write.
    private IEnumerable<PlantedEntry> Traps() => _random.Next(14) switch
    {
        0 => [PlantedEntry.Link("work/out/sync", "../../canary")],
        1 => [PlantedEntry.Link("work/out/sync/0.txt", "../../../canary/precious.txt")],
        2 => [PlantedEntry.HardLink("work/out/sync/0.txt", "canary/precious.txt")],
        3 => [PlantedEntry.Link("work/out/.actors-run.json", "../../canary/precious.txt")],
        4 => [PlantedEntry.Link("work/out/.actors-run.json.new", "../../canary/precious.txt")],
        5 => [PlantedEntry.HardLink("work/out/.actors-run.json.new", "canary/precious.txt")],
        6 => [PlantedEntry.Pipe("work/out/sync/0.txt")],
        7 => [PlantedEntry.Pipe("work/out/.actors-run.json")],
        8 => [PlantedEntry.Link("work/out/.actors-run.json", "/dev/zero")],
        9 => [PlantedEntry.Link("work/out/sync/d", "../../../canary/inner")],
        _ => [],
    };

    private List<string> NextCommandLine()
    {
        // Every other one has its faults, if any, in the scenario alone.
        if (_random.OnceIn(2))
        {
            return ["run", "scenario.conf", .. _random.OnceIn(4) ? (string[])["--json", "-"] : []];
        }

        List<string> line = _random.Next(12) switch
        {
            0 => ["verify", _random.Pick(Directories)],
            1 => ["probe", "--dir", _random.Pick(Directories)],
            _ => ["run", "scenario.conf", .. Options()],
        };
        if (_random.OnceIn(5))
        {
            line.AddRange(["--json", _random.Pick(Targets)]);
        }

        for (var i = _random.OnceIn(4) ? _random.Next(1, 4) : 0; i > 0; i--)
        {
            Garble(line);
        }

        return line;
    }

    private IEnumerable<string> Options()
    {
        for (var i = _random.OnceIn(3) ? _random.Next(1, 5) : 0; i > 0; i--)
        {
            yield return "--set";
            yield return NextAssignment();
        }

        if (_random.OnceIn(10))
        {
            yield return _random.Pick(["--force", "--quiet"]);
        }

        if (_random.OnceIn(10))
        {
            yield return "--dir";
            yield return _random.Pick(Directories);
        }

        if (_random.OnceIn(10))
        {
            yield return "--backend";
            yield return _random.Pick(
                ["sync", "auto", "available", "sync,thread-pool", ",", "nosuch", "", "sync,sync"]);
        }

        if (_random.OnceIn(12))
        {
            yield return "--csv";
            yield return _random.Pick(Targets);
        }
    }

    private string NextAssignment()
    {
        var key = _random.Next(4) switch
        {
            0 => _random.Pick(ScenarioGrammar.EngineSettings).Key,
            1 => "scenario." + _random.Pick(
                ["name", "files", "file-name", "backends", "verify", "seed", "phases", "x"]),
            2 => $"scenario.phases.{_random.Pick(["write", "layout", "read1", "gone"])}"
                + $".{_random.Pick(ScenarioGrammar.PhaseKeys)}",
            _ => _random.Pick(
                ["", "=", "scenario", "actors.engine", "akka.loglevel", "scenario..files", "scenario.files.a"]),
        };
        return $"{key}{(_random.OnceIn(15) ? "" : "=")}{HostileValues.Next(_random)}";
    }

    private void Garble(List<string> line)
    {
        var at = _random.Next(line.Count + 1);
        switch (_random.Next(4))
        {
            case 0 when at < line.Count:
                line.RemoveAt(at);
                break;
            case 1 when at < line.Count:
                line.Insert(at, line[at]);
                break;
            case 2 when at < line.Count:
                line[at] = _random.Pick(Strays);
                break;
            default:
                line.Insert(at, _random.Pick(Strays));
                break;
        }
    }
}
