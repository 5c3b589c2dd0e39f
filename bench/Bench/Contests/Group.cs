using System.IO.Enumeration;

namespace Actors.Bench.Contests;

/// <summary>Contests that belong together; what <c>--group</c> names.</summary>
/// <param name="Name">A plain word.</param>
/// <param name="Summary">What it is about, with the targets that it decides.</param>
/// <param name="Contests">In order.</param>
internal sealed record Group(string Name, string Summary, IReadOnlyList<Contest> Contests)
{
    /// <summary>The same with those contestants whose names match, and the references.</summary>
    public Group Only(string glob) => this with
    {
        Contests =
        [
            .. Contests.Select(c => c with
            {
                Contestants =
                [
                    .. c.Contestants.Where(one =>
                        one.Name == c.Reference || FileSystemName.MatchesSimpleExpression(glob, one.Name)),
                ],
            }),
        ],
    };

    /// <summary>The same with ours of another build behind each of ours.</summary>
    /// <param name="build">Where that build's Actors.Bench.dll is.</param>
    public Group With(string build) => this with
    {
        Contests =
        [
            .. Contests.Select(c => c with
            {
                Contestants = [.. c.Contestants.SelectMany(one => new[] { one, one.Earlier(build) }).OfType<Contestant>()],
            }),
        ],
    };
}
