using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Actors.Host.Tests.Hostile;

/// <summary>
/// A directory with what an input plants, in whose <see cref="Work"/> the command runs; and a record of all that is in
/// it, to tell what a command has changed.
/// </summary>
internal sealed partial class Sandbox : IDisposable
{
    private readonly string _before = Environment.CurrentDirectory;

    public Sandbox(string name, IEnumerable<PlantedEntry> entries)
    {
        Root = Directory.CreateTempSubdirectory($"actors-hostile-{name}-").FullName;
        Work = Path.Combine(Root, "work");
        Directory.CreateDirectory(Work);
        foreach (var entry in entries)
        {
            Plant(entry);
        }

        Environment.CurrentDirectory = Work;
    }

    /// <summary>Its path.</summary>
    public string Root { get; }

    /// <summary>The current directory of commands.</summary>
    public string Work { get; }

    /// <summary>Puts something into it.</summary>
    public void Plant(PlantedEntry entry)
    {
        var path = Path.Combine(Root, entry.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        switch (entry.Kind)
        {
            case PlantedKind.File:
                File.WriteAllBytes(path, entry.Content);
                break;
            case PlantedKind.Directory:
                Directory.CreateDirectory(path);
                break;
            case PlantedKind.Pipe:
                Assert.Equal(0, mkfifo(path, 0x1B6));
                break;
            case PlantedKind.Link:
                File.CreateSymbolicLink(path, entry.Target);
                break;
            default:
                Assert.Equal(0, link(Path.Combine(Root, entry.Target), path));
                break;
        }
    }

    /// <summary>All that is in it: paths, and for each what it is and holds.</summary>
    public SortedDictionary<string, string> Snapshot()
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add(new DirectoryInfo(Root), found);
        return found;
    }

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        Directory.Delete(Root, recursive: true);
    }

    private static void Add(DirectoryInfo directory, SortedDictionary<string, string> found)
    {
        foreach (var entry in directory.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }))
        {
            if (entry.LinkTarget is { } target)
            {
                found.Add(entry.FullName, $"link to {target}");
            }
            else if (entry is DirectoryInfo inner)
            {
                found.Add(entry.FullName, "directory");
                Add(inner, found);
            }
            else
            {
                found.Add(entry.FullName, Describe((FileInfo)entry));
            }
        }
    }

    // Nothing is read of what is empty: a pipe is, and opening it would wait.
    private static string Describe(FileInfo file) => file.Length == 0
        ? $"empty, {file.UnixFileMode}"
        : $"{Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.FullName)))}, {file.UnixFileMode}";

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string path, string newPath);
}
