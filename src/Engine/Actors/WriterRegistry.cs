using System.Collections;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Actors;

/// <summary>
/// The files that an engine has open for writing, with the paths that they were opened by. A second writer of a file is
/// refused, whatever path it comes by. Device and inode tell most files apart; where file systems give several files one
/// number, the kernel is asked whether two are the same. Thread-safe.
/// </summary>
internal sealed class WriterRegistry : IEnumerable<string>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FileIdentity, Writer[]> _writers = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _writers.Values.Sum(writers => writers.Length);
            }
        }
    }

    public bool IsEmpty => Count == 0;

    /// <summary>Registers a file that has been opened.</summary>
    /// <param name="identity">Device and inode.</param>
    /// <param name="file">The open file; its descriptor is compared with those of other writers.</param>
    /// <param name="path">What to name it by.</param>
    /// <param name="calls">How to ask the kernel.</param>
    /// <param name="other">The path of the writer that the file has already.</param>
    public bool TryAdd(FileIdentity identity, FileHandle file, string path, IFileCalls calls, out string? other)
    {
        Writer[] asked = [];
        while (true)
        {
            Writer[] known;
            lock (_gate)
            {
                known = _writers.GetValueOrDefault(identity, []);
                if (known.All(asked.Contains))
                {
                    _writers[identity] = [.. known, new Writer(file, path)];
                    other = null;
                    return true;
                }
            }

            // Without the lock, for a file system may take its time.
            if (Array.Find(known, writer => IsSame(writer.File, file, calls)) is { File: not null } same)
            {
                other = same.Path;
                return false;
            }

            asked = known;
        }
    }

    /// <summary>Lets others open the file for writing.</summary>
    public void Remove(FileIdentity identity, FileHandle file)
    {
        lock (_gate)
        {
            Writer[] left = [.. _writers.GetValueOrDefault(identity, []).Where(writer => writer.File != file)];
            if (left.Length == 0)
            {
                _writers.Remove(identity);
            }
            else
            {
                _writers[identity] = left;
            }
        }
    }

    public IEnumerator<string> GetEnumerator()
    {
        lock (_gate)
        {
            return _writers.Values.SelectMany(writers => writers).Select(writer => writer.Path).ToList().GetEnumerator();
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsSame(FileHandle one, FileHandle other, IFileCalls calls) =>
        one.Safe is not null || calls.AreSame(one.Descriptor, other.Descriptor);

    private readonly record struct Writer(FileHandle File, string Path);
}
