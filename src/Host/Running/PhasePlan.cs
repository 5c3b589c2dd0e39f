using Actors.Host.Content;
using Actors.Host.Scenarios;

namespace Actors.Host.Running;

/// <summary>One phase of one backend, as the producers carry it out.</summary>
/// <param name="Backend">The backend's name.</param>
/// <param name="Settings">What is to be done.</param>
/// <param name="Content">What the files hold, or will.</param>
/// <param name="Directory">The backend's directory, absolute.</param>
/// <param name="FileNames">The files below it.</param>
/// <param name="Seed">For random orders.</param>
internal sealed record PhasePlan(
    string Backend,
    PhaseSettings Settings,
    FileContent Content,
    string Directory,
    FileNameRule FileNames,
    long Seed)
{
    /// <summary>How many files there are.</summary>
    public int Files => FileNames.Files;

    /// <summary>Operations of all files together; null for a phase that runs for a time.</summary>
    public long? TotalUnits => Settings.Duration is null ? Content.Units * Files : null;

    /// <summary>The path of a file.</summary>
    public string PathOf(int file) => Path.Combine(Directory, FileNames.NameOf(file));
}
