using System.CommandLine;
using Actors.Engine;
using Actors.Host.Documents;
using Actors.Host.Manifests;
using Actors.Host.Reporting;
using Actors.Host.Running;
using Actors.Host.Scenarios;
using Actors.Host.Terminal;
using Spectre.Console;

namespace Actors.Host.Commands;

/// <summary><c>actors run</c>.</summary>
internal sealed class RunCommand
{
    private readonly Argument<string?> _scenario = new("SCENARIO.conf")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The scenario's file. Without it, the shipped seed.conf runs.",
    };

    private readonly Option<string?> _backend = new("--backend")
    {
        HelpName = "A,B",
        Description = $"Backends to run: available, auto, or of {string.Join(", ", BackendProbe.Names)}.",
    };

    private readonly Option<string?> _directory = new("--dir")
    {
        HelpName = "DIR",
        Description = "Where the files go, instead of scenario.directory.",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        HelpName = "key=value",
        Description = "Overrides scenario.KEY, scenario.phases.NAME.KEY or actors.engine.KEY. May be repeated.",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string?> _json = new("--json")
    {
        HelpName = "FILE|-",
        Description = "Writes the report as JSON; with - it is alone on the standard output.",
    };

    private readonly Option<string?> _csv = new("--csv")
    {
        HelpName = "FILE",
        Description = "Writes the runs as CSV.",
    };

    private readonly Option<bool> _quiet = new("--quiet")
    {
        Description = "No progress and no tables: errors only, and the documents that were asked for.",
    };

    private readonly Option<bool> _force = new("--force")
    {
        Description = "Overwrites files that no run wrote.",
    };

    /// <summary>How long documents may take to be written after an interruption.</summary>
    private static readonly TimeSpan DocumentPatience = TimeSpan.FromSeconds(5);

    private readonly Consoles _consoles;
    private readonly Interruption _interruption;

    public RunCommand(Consoles consoles, Interruption interruption)
    {
        _consoles = consoles;
        _interruption = interruption;
    }

    /// <summary>The command for the parser.</summary>
    public Command Build()
    {
        var command = new Command("run", "Runs a scenario on one backend after the other, and reports time and memory.")
        {
            _scenario, _backend, _directory, _set, _json, _csv, _quiet, _force,
        };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    /// <summary>The scenario that a command line asks for, checked.</summary>
    public Scenario Load(ParseResult parsed) => ScenarioLoader.Load(
        parsed.GetValue(_scenario) ?? ShippedScenarios.Default, Overrides(parsed));

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using var json = DocumentTarget.Prepare("--json", parsed.GetValue(_json));
        using var csv = DocumentTarget.Prepare("--csv", parsed.GetValue(_csv));
        var quiet = parsed.GetValue(_quiet);
        if (csv?.IsStandardOutput == true)
        {
            throw new UsageException("--csv -: not legal; name a file. Only --json writes to the standard output.");
        }

        var scenario = Load(parsed);
        RefuseOverwriting(scenario, json, csv);
        RunReport? report;
        await using (var progress = _consoles.Progress(quiet))
        {
            var runner = new ScenarioRunner(
                scenario, new RunOptions(parsed.GetValue(_force)), progress, _interruption);
            var running = Task.Run(runner.RunAsync);
            if (await _interruption.WaitAsync(running, runner.Patience))
            {
                report = await running;
            }
            else
            {
                progress.Fault($"The run did not end within {runner.Patience.TotalSeconds:0} s, and is left as it is.");
                report = runner.ReportSoFar();
            }
        }

        return report is null ? _interruption.ExitCode : await PublishAsync(report, scenario, json, csv, quiet);
    }

    // Documents first: a terminal that is gone takes no tables.
    private async Task<int> PublishAsync(
        RunReport report, Scenario scenario, DocumentTarget? json, DocumentTarget? csv, bool quiet)
    {
        var writing = Task.Run(() =>
        {
            csv?.Write(_consoles.Documents, CsvReport.Format(report.Runs));
            json?.Write(_consoles.Documents, RecordJson.Documents.Text(report));
        });
        if (await _interruption.WaitAsync(writing, DocumentPatience))
        {
            await writing;
        }
        else
        {
            _consoles.Error.WriteLine("The documents were not written in time.");
        }

        if (!quiet)
        {
            try
            {
                _consoles.Draw(json, tables => RunTables.Print(tables, report, scenario.Settings));
            }
            catch (IOException) when (_interruption.ExitCode == ExitCodes.HungUp)
            {
                // There is nobody to see them.
            }
        }

        return report.Outcome switch
        {
            RunOutcome.Done => ExitCodes.Done,
            RunOutcome.Interrupted => _interruption.ExitCode,
            _ => ExitCodes.Failed,
        };
    }

    private static void RefuseOverwriting(Scenario scenario, DocumentTarget? json, DocumentTarget? csv)
    {
        if (csv?.IsSameAs(json) == true)
        {
            throw new UsageException("--json and --csv name the same file; only one would be left. Name two.");
        }

        foreach (var target in new[] { json, csv }.OfType<DocumentTarget>())
        {
            if (target.IsAt(scenario.File))
            {
                throw new UsageException($"{target.Name}: that is the scenario itself. Name another file.");
            }

            if (target.IsAt(ManifestFile.PathIn(scenario.Directory)))
            {
                throw new UsageException($"{target.Name}: that is the run's own manifest. Name another file.");
            }
        }
    }

    // --backend and --dir are assignments too; they come last and win.
    private List<SettingOverride> Overrides(ParseResult parsed)
    {
        var overrides = (parsed.GetValue(_set) ?? []).Select(SettingOverride.Parse).ToList();
        if (parsed.GetValue(_backend) is { } backends)
        {
            overrides.Add(new SettingOverride("scenario.backends", BackendList(backends)));
        }

        if (parsed.GetValue(_directory) is { } directory)
        {
            overrides.Add(new SettingOverride("scenario.directory", directory));
        }

        return overrides;
    }

    private static string BackendList(string text)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names is [ScenarioSettings.Available or ScenarioSettings.Auto])
        {
            return names[0];
        }

        var wrong = names.FirstOrDefault(n => !BackendProbe.Names.Contains(n));
        return wrong is null && names.Length > 0 && names.Distinct().Count() == names.Length
            ? $"[{string.Join(", ", names)}]"
            : throw new UsageException(
                $"--backend {text}: {(wrong is null ? "not a list of names, each once" : $"{wrong} is no backend")}. " +
                $"Legal: available, auto, or a list of {string.Join(", ", BackendProbe.Names)}.");
    }
}
