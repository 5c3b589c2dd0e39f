namespace Actors.Bench.Contests;

/// <summary>Someone who does the work of a contest, in one way.</summary>
/// <param name="name">Unique within the contest.</param>
/// <param name="isOurs">Whether it is this engine.</param>
/// <param name="work">What is to be done, and how it is checked.</param>
/// <param name="filesBelow">Where its files are, below the directory that it is given: the console has one for each
/// backend.</param>
internal abstract class Contestant(string name, bool isOurs, IWork work, string filesBelow = "")
{
    /// <summary>Unique within the contest.</summary>
    public string Name { get; } = name;

    /// <summary>Whether it is this engine.</summary>
    public bool IsOurs { get; } = isOurs;

    /// <summary>What is to be done.</summary>
    public IWork Work { get; } = work;

    /// <summary>Where its files are, below the directory that it is given.</summary>
    public string FilesBelow { get; } = filesBelow;

    /// <summary>The name of what <see cref="Earlier"/> makes of this one.</summary>
    public static string EarlierName(string name) => $"{name}, before";

    /// <summary>The same as another build of the bench has it; null of a contestant that is the same there.</summary>
    /// <param name="build">Where that build's Actors.Bench.dll is.</param>
    public virtual Contestant? Earlier(string build) => null;

    /// <summary>Makes it ready to run: compiled, started, warm.</summary>
    /// <exception cref="PeerMissingException">This machine lacks something that it needs.</exception>
    public abstract Task<IEntry> EnterAsync(Entrance entrance, CancellationToken cancellation);
}
