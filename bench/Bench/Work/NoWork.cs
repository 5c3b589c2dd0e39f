using Actors.Bench.Contests;

namespace Actors.Bench.Work;

/// <summary>Nothing that leaves anything to check.</summary>
internal sealed record NoWork : IWork
{
    public string DirectoryOf(string contestDirectory, string contestant) =>
        Path.Combine(contestDirectory, contestant.Replace(' ', '-'));

    public void Prepare(string directory) => Directory.CreateDirectory(directory);

    public string? FindFault(string directory, Measurement measurement) => null;

    public void CleanUp(string directory)
    {
    }
}
