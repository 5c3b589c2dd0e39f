namespace Actors.Host.Tests.Hostile;

/// <summary>Something that a sandbox holds before the command runs.</summary>
/// <param name="Path">Below the sandbox.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Content">A file's bytes.</param>
/// <param name="Target">What a link leads to, as it is written in the link; of a hard link, below the sandbox.</param>
internal sealed record PlantedEntry(string Path, PlantedKind Kind, byte[] Content, string Target)
{
    public static PlantedEntry File(string path, byte[] content) => new(path, PlantedKind.File, content, "");

    public static PlantedEntry Directory(string path) => new(path, PlantedKind.Directory, [], "");

    public static PlantedEntry Pipe(string path) => new(path, PlantedKind.Pipe, [], "");

    public static PlantedEntry Link(string path, string target) => new(path, PlantedKind.Link, [], target);

    public static PlantedEntry HardLink(string path, string target) => new(path, PlantedKind.HardLink, [], target);

    public override string ToString() => Kind switch
    {
        PlantedKind.File => $"{Path}: {Content.Length} bytes",
        PlantedKind.Link or PlantedKind.HardLink => $"{Path}: {Kind} -> {Target}",
        _ => $"{Path}: {Kind}",
    };
}
