using System.Text;
using Actors.Host.Content;

namespace Actors.Host.Scenarios;

/// <summary>
/// The paths of a backend's files, relative to its directory. Whatever the template says, no path leaves the directory,
/// and different files have different paths.
/// </summary>
internal sealed class FileNameRule
{
    /// <summary>Most files of a backend.</summary>
    public const int FilesMax = 1_000_000;

    private const int ComponentBytesMax = 255;

    private readonly TextTemplate _template;

    private FileNameRule(TextTemplate template, int files)
    {
        _template = template;
        Files = files;
    }

    /// <summary>As the scenario has it.</summary>
    public string Template => _template.Text;

    /// <summary>How many files there are.</summary>
    public int Files { get; }

    /// <summary>Checks a template.</summary>
    /// <exception cref="FormatException">What is wrong with it, and what is legal.</exception>
    public static FileNameRule Parse(string text, int files)
    {
        if (files is < 1 or > FilesMax)
        {
            throw new FormatException($"{files} files; legal: 1 to {FilesMax}");
        }

        var template = TextTemplate.Parse(text, TextTemplate.File);
        if (files > 1 && !template.Uses(TextTemplate.File))
        {
            throw new FormatException($"{files} files need {{file}} in the name, or they would be the same file");
        }

        // Only digits vary, so what holds for the last file (the longest name) holds for every other.
        CheckContained(template.Render(files - 1));
        return new FileNameRule(template, files);
    }

    /// <summary>The relative path of a file, with the separators of this system.</summary>
    public string NameOf(int file) =>
        _template.Render(file).Replace('/', Path.DirectorySeparatorChar);

    /// <summary>Every path that the rule gives.</summary>
    public IReadOnlySet<string> AllNames()
    {
        var names = new HashSet<string>(Files, StringComparer.Ordinal);
        for (var i = 0; i < Files; i++)
        {
            names.Add(NameOf(i));
        }

        return names;
    }

    private static void CheckContained(string name)
    {
        if (name.Length == 0)
        {
            throw new FormatException("the name is empty; legal: a relative path such as \"{file}.txt\"");
        }

        if (name[0] == '/' || (name.Length > 1 && name[1] == ':'))
        {
            throw new FormatException("an absolute path would leave the scenario's directory; use a relative one");
        }

        if (name.Contains('\\') || name.AsSpan().ContainsAnyInRange('\0', '\x1f'))
        {
            throw new FormatException(
                "backslashes, NUL and control characters are not legal; separate directories by /");
        }

        foreach (var component in name.Split('/'))
        {
            CheckComponent(component);
        }
    }

    private static void CheckComponent(string component)
    {
        if (component is "..")
        {
            throw new FormatException("\"..\" would leave the scenario's directory; use names within it");
        }

        if (component is "" or ".")
        {
            throw new FormatException("empty names and \".\" between slashes are not legal");
        }

        if (Encoding.UTF8.GetByteCount(component) > ComponentBytesMax)
        {
            throw new FormatException($"a name longer than {ComponentBytesMax} bytes is not legal");
        }
    }
}
