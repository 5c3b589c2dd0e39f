using System.Runtime.Versioning;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers.Paths.Trees;

/// <summary>
/// A directory of a tree that is copied. Open, on both sides, from when it is come to until everything in it is done:
/// only then does it get its modes and times, which copying into it would change or forbid.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class TreeDirectory
{
    private readonly ILinuxPaths _paths;
    private readonly byte[] _name;
    private int _unfinished = 1;

    /// <param name="paths">System calls.</param>
    /// <param name="parent">Null for the top one.</param>
    /// <param name="name">In the parent; ends with a zero.</param>
    /// <param name="followed">Come to by a symbolic link.</param>
    public TreeDirectory(
        ILinuxPaths paths, TreeDirectory? parent, ReadOnlySpan<byte> name, bool followed = false)
    {
        _paths = paths;
        Parent = parent;
        Followed = followed;
        Depth = parent is null ? 0 : parent.Depth + 1;
        _name = name.ToArray();
    }

    public TreeDirectory? Parent { get; }

    public ReadOnlySpan<byte> Name => _name;

    public bool Followed { get; }

    public int Depth { get; }

    public int Source { get; set; } = -1;

    public int Target { get; set; } = -1;

    /// <summary>Of the source, once it is open.</summary>
    public Statx Info { get; set; }

    /// <summary>Something in it is to be done.</summary>
    public void Retain() => Interlocked.Increment(ref _unfinished);

    /// <summary>Something in it is done; true for the last.</summary>
    public bool Release() => Interlocked.Decrement(ref _unfinished) == 0;

    public void Close()
    {
        _paths.Close(Source);
        _paths.Close(Target);
        Source = Target = -1;
    }

    /// <summary>Whether it is itself one of the directories that it is in.</summary>
    public bool IsInItself()
    {
        for (var above = Parent; above is not null; above = above.Parent)
        {
            if (above.Info.Identity == Info.Identity && _paths.AreSame(above.Source, Source))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The path of an entry, below a top that is named by the caller.</summary>
    public string PathOf(string top, ReadOnlySpan<byte> name)
    {
        var path = name.Length > 1 ? PathName.ToText(name) : "";
        for (var directory = this; directory.Parent is not null; directory = directory.Parent)
        {
            path = Path.Join(PathName.ToText(directory.Name), path);
        }

        return path.Length == 0 ? top : Path.Join(top, path);
    }
}
