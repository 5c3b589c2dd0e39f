namespace Actors.Bench.Contests;

/// <summary>A piece of work: what has to be there before it, and what after. All of it outside the measured time.
/// </summary>
internal interface IWork
{
    /// <summary>Where a contestant does it, below the contest's directory.</summary>
    string DirectoryOf(string contestDirectory, string contestant);

    /// <summary>Before each run: nothing of an earlier run may pass for this one's.</summary>
    void Prepare(string directory);

    /// <summary>After each run: what is wrong with what it left and said, or null.</summary>
    string? FindFault(string directory, Measurement measurement);

    /// <summary>After <see cref="FindFault"/>: what is left would be written back while others are measured.</summary>
    void CleanUp(string directory);
}
