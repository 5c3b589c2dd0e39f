using System.CommandLine;
using Actors.Host.Documents;
using Actors.Host.Manifests;
using Actors.Host.Reporting;
using Actors.Host.Running;
using Actors.Host.Terminal;
using Actors.Host.Verification;

namespace Actors.Host.Commands;

/// <summary><c>actors verify</c>.</summary>
internal sealed class VerifyCommand
{
    private readonly Argument<string> _directory = new("DIR")
    {
        Description = "The directory of a run: the scenario's, not a backend's.",
    };

    private readonly Option<string?> _json = new("--json")
    {
        HelpName = "FILE|-",
        Description = "Writes what was found as JSON; with - it is alone on the standard output.",
    };

    private readonly Consoles _consoles;
    private readonly Interruption _interruption;

    public VerifyCommand(Consoles consoles, Interruption interruption)
    {
        _consoles = consoles;
        _interruption = interruption;
    }

    /// <summary>The command for the parser.</summary>
    public Command Build()
    {
        var command = new Command(
            "verify", "Compares the files that a run, or a killed run, left with what they must hold.")
        {
            _directory, _json,
        };
        command.SetAction((parsed, _) => _interruption.RunAsync(
            interrupted => Run(parsed, interrupted), () => _consoles.Error.WriteLine("the files were not all looked at: interrupted.")));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken interrupted)
    {
        using var json = DocumentTarget.Prepare("--json", parsed.GetValue(_json));
        var directory = UserPath.Absolute("verify", parsed.GetRequiredValue(_directory));
        var verdict = DirectoryVerdict.Check(directory, Load(directory), interrupted);
        _consoles.Draw(json, tables => VerdictTables.Print(tables, verdict));
        json?.Write(_consoles.Documents, RecordJson.Documents.Text(verdict));
        return verdict.Complete ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static RunManifest Load(string directory)
    {
        try
        {
            return ManifestFile.Load(directory) ?? throw new UsageException(
                $"{ManifestFile.PathIn(directory)} is not there: {directory} is not the directory of a run. " +
                "Name the one that a run was given with --dir or scenario.directory.");
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(e.Message, e);
        }
    }
}
