using System.CommandLine;
using Actors.Engine;
using Actors.Engine.Configuration;
using Actors.Host.Documents;
using Actors.Host.Machine;
using Actors.Host.Manifests;
using Actors.Host.Reporting;
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

    public ProbeCommand(Consoles consoles) => _consoles = consoles;

    /// <summary>The command for the parser.</summary>
    public Command Build()
    {
        var command = new Command(
            "probe", "Says what this machine and directory support, what auto picks, and why.") { _directory, _json };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        using var json = DocumentTarget.Prepare("--json", parsed.GetValue(_json));
        var directory = UserPath.Absolute("--dir", parsed.GetValue(_directory) ?? ".");
        if (!Directory.Exists(directory))
        {
            throw new UsageException($"--dir {directory}: there is no such directory. Name one that exists.");
        }

        DirectoryClaim.Prepare(directory);
        var report = Probe(directory);
        _consoles.Draw(json, tables => ProbeTables.Print(tables, report));
        json?.Write(_consoles.Output, RecordJson.Documents.Text(report));
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
