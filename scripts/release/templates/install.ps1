# Installs keyconv {{.Version}} for this user, once its signature is verified:
#   powershell -ExecutionPolicy Bypass -File install.ps1
# With -Remove it removes it again.
#
# -To is the folder, -From is where the files of the release are, in place of GitHub: a
# folder, or an address.
param(
    [string] $From = '{{.Homepage}}/releases/download/{{.Tag}}',
    [string] $To = (Join-Path $env:LOCALAPPDATA 'Programs\keyconv'),
    [switch] $Remove
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12

$version = '{{.Version}}'
# The keys that sign releases, as SIGNERS in the repository has them.
$signers = @'
{{.Signers}}
'@

function Get-ReleaseFile($name) {
    $path = Join-Path $work $name
    if ($From -match '^https?://') {
        Invoke-WebRequest -UseBasicParsing -Uri "$From/$name" -OutFile $path
    } else {
        Copy-Item (Join-Path $From $name) $path
    }
    $path
}

function Get-Processor {
    switch ($env:PROCESSOR_ARCHITECTURE) {
        'AMD64' { 'amd64' }
        'ARM64' { 'arm64' }
        'x86' { if ($env:PROCESSOR_ARCHITEW6432 -eq 'AMD64') { 'amd64' } else { '386' } }
        default { throw "there is no release for the processor $env:PROCESSOR_ARCHITECTURE" }
    }
}

# Stops unless the program is the file that was signed.
function Assert-Signed($name) {
    $ssh = (Get-Command ssh-keygen.exe -ErrorAction SilentlyContinue)
    if (-not $ssh) {
        throw 'ssh-keygen.exe is missing: add "OpenSSH Client" in Settings > System > Optional features'
    }
    $list = Join-Path $work 'SIGNERS'
    [IO.File]::WriteAllText($list, $signers.Replace("`r`n", "`n") + "`n")
    $sums = Join-Path $work 'checksums.txt'
    $arguments = "-Y verify -f `"$list`" -I keyconv -n file -s `"$sums.sig`""
    $verified = Start-Process $ssh.Source $arguments -RedirectStandardInput $sums -NoNewWindow -Wait -PassThru
    if ($verified.ExitCode -ne 0) {
        throw 'the signature of the release is wrong, nothing was installed'
    }
    $want = [IO.File]::ReadAllLines($sums) | Where-Object { $_.Length -gt 66 -and $_.Substring(66) -ceq $name }
    if (-not $want) {
        throw "release $version has no $name"
    }
    $sum = (Get-FileHash -Algorithm SHA256 (Join-Path $work $name)).Hash
    if ($sum -ne $want.Substring(0, 64)) {
        throw "$name is not the file that was signed, nothing was installed"
    }
}

# Puts the folder into the PATH of this user, or takes it out. Variables in the PATH stay as
# they are: they are read without their values.
function Set-UserPath([bool] $with) {
    $key = [Microsoft.Win32.Registry]::CurrentUser.OpenSubKey('Environment', $true)
    $now = [string] $key.GetValue('Path', '', [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
    $parts = @($now -split ';' | Where-Object { $_ -and $_ -ne $To })
    if ($with) {
        $parts += $To
    }
    $key.SetValue('Path', ($parts -join ';'), [Microsoft.Win32.RegistryValueKind]::ExpandString)
    $key.Close()
    # This tells Explorer of the change; the variable is not there, and is not afterwards.
    [Environment]::SetEnvironmentVariable('KEYCONV_INSTALLED', $null, 'User')
}

if ($Remove) {
    Set-UserPath $false
    Remove-Item (Join-Path $To 'keyconv.exe') -ErrorAction SilentlyContinue
    "keyconv is removed from $To"
    return
}
if (-not $signers.Trim()) {
    throw 'no release of keyconv is signed yet, so none can be verified; {{.Homepage}} says how to build it'
}
$work = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
New-Item -ItemType Directory $work | Out-Null
try {
    $name = "keyconv_${version}_windows_$(Get-Processor).exe"
    foreach ($file in 'checksums.txt', 'checksums.txt.sig', $name) {
        Get-ReleaseFile $file | Out-Null
    }
    Assert-Signed $name
    New-Item -ItemType Directory -Force $To | Out-Null
    $program = Join-Path $To 'keyconv.exe'
    Copy-Item (Join-Path $work $name) "$program.new"
    Move-Item -Force "$program.new" $program
    Set-UserPath $true
    "keyconv $version is installed, its signature is good: $program"
    'New consoles have it in their PATH; "keyconv completion powershell" makes its completions.'
} finally {
    Remove-Item -Recurse -Force $work
}
