using System.CommandLine;
using Actors.Engine;
using Actors.Engine.Configuration;
using Actors.Host.Documents;
using Actors.Host.Machine;
using Actors.Host.Manifests;
using Actors.Host.Reporting;
using Actors.Host.Running;
using Actors.Host.Terminal;

namespace Actors.Host.Commands;

/// <summary><c>actors probe</c>.</summary>
internal sealed class ProbeCommand
{
    private readonly Option<string?> _directory = new("--dir")
    {
        HelpName = "DIR",
        Description = "The directory to probe; it must exist. Default: the current one.",
    };

    private readonly Option<string?> _json = new("--json")
    {
        HelpName = "FILE|-",
        Description = "Writes what was found as JSON; with - it is alone on the standard output.",
    };

    private readonly Consoles _consoles;
    private readonly Interruption _interruption;

    public ProbeCommand(Consoles consoles, Interruption interruption)
    {
        _consoles = consoles;
        _interruption = interruption;
    }

    /// <summary>The command for the parser.</summary>
    public Command Build()
    {
        var command = new Command(
            "probe", "Says what this machine and directory support, what auto picks, and why.") { _directory, _json };
        command.SetAction((parsed, _) => _interruption.RunAsync(
            interrupted => Run(parsed, interrupted), () => _consoles.Error.WriteLine("the probe was interrupted.")));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken interrupted)
    {
        using var json = DocumentTarget.Prepare("--json", parsed.GetValue(_json));
        var directory = UserPath.Absolute("--dir", parsed.GetValue(_directory) ?? ".");
        if (!Directory.Exists(directory))
        {
            throw new UsageException($"--dir {directory}: there is no such directory. Name one that exists.");
        }

        DirectoryClaim.Prepare(directory);
        var report = Probe(directory);
        interrupted.ThrowIfCancellationRequested();
        _consoles.Draw(json, tables => ProbeTables.Print(tables, report));
        json?.Write(_consoles.Documents, RecordJson.Documents.Text(report));
        return ExitCodes.Done;
    }

    private static ProbeReport Probe(string directory)
    {
        var statuses = BackendProbe.Probe(EngineSettings.Create(EngineSettings.ReferenceConfig), directory);
        var (backend, reason) = BackendProbe.Choose(statuses);
        return new ProbeReport(
            "actors.probe/1",
            directory,
            MachineInfo.Of(directory),
            statuses,
            new AutoReport(backend, reason),
            ResourceLimits.All().ToDictionary());
    }
}
