namespace Actors.Host.Tests.Hostile;

/// <summary>What hostile input has found, each as small as it gets; it was not refused like this once.</summary>
public sealed class RegressionTests
{
    private const string Scenario = """
        scenario {
          name = small, directory = out, files = 2, file-name = "{file}.txt", backends = sync
          phases = [{ name = write, operation = write, unit = line, count = 5, line = "{line}" }]
        }
        """;

    public static TheoryData<string, string, string[]> Refused => new()
    {
        // A pipe that nobody writes was waited for, as a scenario and as an include.
        { Scenario, "scenario is not set", ["run", "pipe"] },
        { "include \"pipe\"", "scenario is not set", ["run", "scenario.conf"] },

        // Arguments with @ were replaced by what is in the file: of /dev/zero, without end.
        { Scenario, "@/dev/zero", ["run", "@/dev/zero"] },
        { Scenario, "@pipe", ["run", "scenario.conf", "--dir", "out", "@pipe"] },

        // ArgumentException.
        { Scenario, "--json", ["run", "scenario.conf", "--json", ""] },
        { Scenario, "not a path", ["run", ""] },
        { Scenario, "not a path", ["verify", ""] },
        { Scenario, "not a path", ["verify", "a\0b"] },
        { Scenario, "not a path", ["probe", "--dir", ""] },

        // Settings of the actor system: stack traces on the standard output, or a run that could not end.
        { Scenario + "\nakka.loglevel = nonsense", "akka", ["run", "scenario.conf"] },
        { Scenario + "\nakka.actor.provider = 5", "akka", ["run", "scenario.conf"] },
        { Scenario + "\nactors.engine-mailbox.file.mailbox-type = x", "wiring", ["run", "scenario.conf"] },

        // The same for what the engine finds out as it starts, the directory claimed already.
        {
            Scenario + "\nactors.engine { shards = 16, buffers.size-max = 1MiB }", "too little for 16 shards",
            ["run", "scenario.conf"]
        },

        // Misspelt options were taken for the scenario, and what followed was to blame.
        { Scenario, "--bakend is no option here. Legal: --backend", ["run", "--bakend", "sync"] },
        { Scenario, "rnu is no command. Legal: run, probe, verify", ["rnu"] },

        // Escapes reached the terminal.
        { Scenario + "\nscenario.name = \"\\u001b[2J\"", "control characters", ["run", "scenario.conf"] },
        { Scenario, "out\\u001B[2J", ["verify", "out\u001b[2J"] },
        { Scenario, "\\u202E", ["verify", "out\u202E"] },
    };

    [SkippableTheory]
    [MemberData(nameof(Refused))]
    public async Task It_is_refused_with_a_message(string scenario, string said, string[] arguments)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the sandbox plants by calls of Linux");
        var input = new HostileInput(0, arguments,
        [
            PlantedEntry.File("work/scenario.conf", System.Text.Encoding.UTF8.GetBytes(scenario)),
            PlantedEntry.Pipe("work/pipe"),
        ]);
        var outcome = await HostileRunner.RunAsync(input);
        Assert.True(outcome is { ExitCode: 2, Fault: null }, $"{outcome}");

        using var sandbox = new Sandbox("again", input.Entries);
        Assert.Contains(said, (await ActorsCommandLine.RunAsync(arguments)).Error);
    }

    [SkippableFact]
    public async Task A_message_fits_a_screen_whatever_it_quotes()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the sandbox plants by calls of Linux");
        foreach (var argument in new[] { new string('x', 100_000), new string('\n', 500) })
        {
            var outcome = await HostileRunner.RunAsync(new HostileInput(0, ["run", argument], []));
            Assert.True(outcome is { ExitCode: 2, Fault: null }, $"{outcome}");
        }
    }

    [SkippableTheory]
    [InlineData("2>/dev/full", 0)]
    [InlineData(">/dev/full", 1)]
    [InlineData("2>&-", 0)]
    public async Task A_process_whose_output_goes_nowhere_ends_as_it_should(string redirection, int exitCode)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "/dev/full is a Linux device");
        using var sandbox = new Sandbox("nowhere",
            [PlantedEntry.File("work/scenario.conf", System.Text.Encoding.UTF8.GetBytes(Scenario))]);
        using var process = ActorsProcess.Start($"exec {redirection};", "run", "scenario.conf");
        var result = await process.EndAsync();
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Null(HostileRunner.Judge(result with { Error = result.Error + "." }, [], []));
    }
}
