using Actors.Host.Content;
using Actors.Host.Manifests;
using Actors.Host.Scenarios;

namespace Actors.Host.Verification;

/// <summary>The files of one backend compared with what they must hold.</summary>
/// <param name="Backend">The backend.</param>
/// <param name="Phase">The write phase that decides what they hold.</param>
/// <param name="State">How far that phase got, as the manifest says.</param>
/// <param name="Unit">What units are: line or block.</param>
/// <param name="Files">How many there must be.</param>
/// <param name="Complete">How many hold exactly what they must.</param>
/// <param name="Partial">How many hold a part of it and nothing else.</param>
/// <param name="Different">How many hold something else.</param>
/// <param name="Missing">How many are not there.</param>
/// <param name="Unreadable">How many could not be read.</param>
/// <param name="Units">Units that are right in all files.</param>
/// <param name="UnitsExpected">How many there must be.</param>
/// <param name="Earlier">Files that earlier runs left, beside these.</param>
/// <param name="Foreign">Files in the directory that no run wrote.</param>
/// <param name="Incomplete">Every file that is not complete.</param>
internal sealed record BackendVerdict(
    string Backend,
    string Phase,
    RunState State,
    string Unit,
    int Files,
    int Complete,
    int Partial,
    int Different,
    int Missing,
    int Unreadable,
    long Units,
    long UnitsExpected,
    int Earlier,
    IReadOnlyList<string> Foreign,
    IReadOnlyList<FileVerdict> Incomplete)
{
    /// <summary>True when every file holds exactly what it must.</summary>
    public bool IsComplete => Complete == Files;

    /// <summary>Compares all the files.</summary>
    public static BackendVerdict Check(
        string backend,
        PhaseSettings phase,
        RunState state,
        string directory,
        FileNameRule names,
        FileContent content,
        CancellationToken interrupted)
    {
        var verifier = new FileVerifier(directory, names, content, interrupted);
        var counts = new int[Enum.GetValues<FileStatus>().Length];
        var units = 0L;
        var incomplete = new List<FileVerdict>();
        for (var file = 0; file < names.Files; file++)
        {
            var verdict = verifier.Check(file);
            counts[(int)verdict.Status]++;
            units += verdict.Units;
            if (verdict.Status != FileStatus.Complete)
            {
                incomplete.Add(verdict);
            }
        }

        return new BackendVerdict(
            backend,
            phase.Name,
            state,
            content.UnitName,
            names.Files,
            counts[(int)FileStatus.Complete],
            counts[(int)FileStatus.Partial],
            counts[(int)FileStatus.Different],
            counts[(int)FileStatus.Missing],
            counts[(int)FileStatus.Unreadable],
            units,
            content.Units * names.Files,
            0,
            [],
            incomplete);
    }
}
