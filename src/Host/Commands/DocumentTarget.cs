using System.Text;
using Actors.Host.Documents;
using Actors.Host.Machine;

namespace Actors.Host.Commands;

/// <summary>
/// Where a document goes: a file, a pipe or device, or the standard output. That it can be written is made sure before
/// any work: a run may take hours.
/// </summary>
internal sealed class DocumentTarget : IDisposable
{
    private const string Dash = "-";

    private readonly string _option;
    private readonly string _target;
    private readonly FileStream? _open;

    private DocumentTarget(string option, string target, FileStream? open)
    {
        _option = option;
        _target = target;
        _open = open;
    }

    /// <summary>True for <c>-</c>.</summary>
    public bool IsStandardOutput => _target == Dash;

    /// <summary>As the user named it, for messages.</summary>
    public string Name => $"{_option} {_target}";

    /// <summary>Whether it leads to the file that another one leads to, under whichever name. Devices take both.</summary>
    public bool IsSameAs(DocumentTarget? other) => other is not null && IsAt(other.Path);

    /// <summary>Whether it leads to the file under a name.</summary>
    public bool IsAt(string path) =>
        Entry.KindOf(Path, followLinks: true) != EntryKind.Device && Entry.IdentityOf(Path) == Entry.IdentityOf(path);

    private string Path => IsStandardOutput ? "/dev/stdout" : UserPath.Absolute(_option, _target);

    /// <summary>Makes sure that the document can be written later; null when none is asked for.</summary>
    /// <exception cref="UsageException">It cannot.</exception>
    public static DocumentTarget? Prepare(string option, string? target)
    {
        if (target is null or Dash)
        {
            return target is null ? null : new DocumentTarget(option, target, null);
        }

        var path = UserPath.Absolute(option, target);
        try
        {
            return Entry.KindOf(path, followLinks: true) switch
            {
                EntryKind.Pipe or EntryKind.Device => new DocumentTarget(option, target, OpenDevice(path)),
                EntryKind.File => new DocumentTarget(option, target, Try(path, FileMode.Open, FileOptions.None)),
                EntryKind.None when Directory.Exists(System.IO.Path.GetDirectoryName(path)) && !target.EndsWith('/') =>
                    new DocumentTarget(option, target, Try(path, FileMode.CreateNew, FileOptions.DeleteOnClose)),
                _ => throw new UsageException(
                    $"{option} {target}: not a file in an existing directory. Name a file, or - for the standard " +
                    "output."),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option} {target}: {e.Message} Name a file that may be written.", e);
        }
    }

    /// <summary>Writes the document.</summary>
    /// <exception cref="IOException">It could not be written; the message says which.</exception>
    public void Write(TextWriter output, string document)
    {
        try
        {
            if (IsStandardOutput)
            {
                output.WriteLine(document);
                output.Flush();
            }
            else if (_open is not null)
            {
                _open.Write(Encoding.UTF8.GetBytes(Ended(document)));
                _open.Flush();
            }
            else
            {
                WholeFile.Replace(Path, ".new", file => file.Write(Encoding.UTF8.GetBytes(Ended(document))));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{_option} {_target}: the document was not written: {e.Message}", e);
        }
    }

    public void Dispose() => _open?.Dispose();

    private static string Ended(string document) => document.EndsWith('\n') ? document : document + Environment.NewLine;

    // A file stays as it is until the document is there.
    private static FileStream? Try(string path, FileMode mode, FileOptions options)
    {
        new FileStream(path, mode, FileAccess.Write, FileShare.ReadWrite, 1, options).Dispose();
        return null;
    }

    // Kept open, since whoever reads a pipe takes its being closed for the end. Nobody waits for a reader.
    private static FileStream OpenDevice(string path)
    {
        var handle = Entry.OpenForWriting(path);
        return handle.IsInvalid
            ? throw new IOException("It cannot be opened; of a pipe, somebody must be reading.")
            : new FileStream(handle, FileAccess.Write, 0);
    }
}
