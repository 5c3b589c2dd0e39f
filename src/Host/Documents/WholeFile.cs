using Actors.Host.Machine;

namespace Actors.Host.Documents;

/// <summary>Writes files all or nothing: whatever happens, the old content is there or the new.</summary>
internal static class WholeFile
{
    private const int Busy = 16; // EBUSY: the name is a mount of its own, as of one file in a container

    /// <summary>Writes the content beside the file, durably, and then puts it in its place.</summary>
    /// <param name="path">The file; where it is a link, what that leads to.</param>
    /// <param name="suffix">Makes the name of the file beside it.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">It could not be written; the old content is there.</exception>
    public static void Replace(string path, string suffix, Action<Stream> write)
    {
        var target = Entry.KindOf(path) == EntryKind.Link
            ? File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName
            : path;
        var temporary = target + suffix;
        try
        {
            // What a killed run left of it, or a link that somebody put there.
            File.Delete(temporary);
            Write(temporary, FileMode.CreateNew, write);
        }
        catch (UnauthorizedAccessException) when (File.Exists(target))
        {
            // The file may be written, and its directory not.
            Write(target, FileMode.Truncate, write);
            return;
        }
        catch (IOException)
        {
            File.Delete(temporary);
            throw;
        }

        Move(temporary, target, write);
    }

    private static void Move(string temporary, string target, Action<Stream> write)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && File.Exists(target))
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            }

            File.Move(temporary, target, overwrite: true);
            DirectorySync.Perform(Path.GetDirectoryName(target)!);
        }
        catch (IOException e)
        {
            if (e.HResult == Busy)
            {
                Write(target, FileMode.Truncate, write);
            }

            File.Delete(temporary);
            if (e.HResult != Busy)
            {
                throw;
            }
        }
    }

    private static void Write(string path, FileMode mode, Action<Stream> write)
    {
        using var file = new FileStream(path, mode, FileAccess.Write, FileShare.None);
        write(file);
        file.Flush(flushToDisk: true);
    }
}
