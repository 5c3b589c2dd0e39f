namespace Actors.Host.Commands;

/// <summary>Where a document goes: a file, or the standard output.</summary>
internal static class DocumentTarget
{
    /// <summary>What stands for the standard output.</summary>
    public const string StandardOutput = "-";

    /// <summary>Makes sure, before any work, that the document can be written later.</summary>
    /// <exception cref="UsageException">It cannot.</exception>
    public static void Check(string option, string? target)
    {
        if (target is null or StandardOutput)
        {
            return;
        }

        var directory = Path.GetDirectoryName(Path.GetFullPath(target));
        if (target.Length == 0 || Directory.Exists(target) || !Directory.Exists(directory))
        {
            throw new UsageException(
                $"{option} {target}: not a file in an existing directory. Name a file, or - for the standard output.");
        }
    }

    /// <summary>Writes the document.</summary>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public static void Write(string option, string target, TextWriter output, string document)
    {
        if (target == StandardOutput)
        {
            output.WriteLine(document);
            output.Flush();
            return;
        }

        try
        {
            File.WriteAllText(target, document.EndsWith('\n') ? document : document + Environment.NewLine);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option} {target}: {e.Message} Name a file that may be written.", e);
        }
    }
}
