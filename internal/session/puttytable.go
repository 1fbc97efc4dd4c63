package session

import (
	"strings"

	"github.com/keyconv/keyconv/internal/lazy"
)

// puttyRead are the settings that SavedPuTTY has read otherwise, or that say nothing.
var puttyRead = lazy.Value[[]string]{Make: func() []string {
	return strings.Fields(`HostName PortNumber Protocol UserName UserNameFromEnvironment PublicKeyFile DetachedCertificate
Compression AgentFwd X11Forward LocalPortAcceptAll RemotePortAcceptAll TCPKeepalives GssapiFwd PingInterval PingIntervalSecs
AddressFamily LogHost RemoteCommand TryAgent NoPTY RekeyBytes RekeyTime Environment PortForwardings ProxyMethod ProxyType
ProxySOCKSVersion ProxyHost ProxyPort ProxyUsername ProxyPassword ProxyTelnetCommand ProxyDNS ProxyExcludeList ProxyLocalhost
Present`)
}}

// puttyConnection are the settings of a connection by ssh that have no counterpart in ssh,
// with what PuTTY takes without them (conf.h and test_conf.c of PuTTY).
var puttyConnection = lazy.Value[map[string]string]{Make: func() map[string]string {
	return map[string]string{
		"TCPNoDelay": "1", "ChangeUsername": "0", "AuthPlugin": "", "SshNoAuth": "0", "SshNoTrivialAuth": "0", "SshNoShell": "0",
		"AuthTIS": "0", "AuthKI": "1", "AuthGSSAPI": "1", "AuthGSSAPIKEX": "1", "SSH2DES": "0", "ConnectionSharing": "0",
		"ConnectionSharingUpstream": "1", "ConnectionSharingDownstream": "1", "X11Display": "", "X11AuthType": "1", "X11AuthFile": "",
		"TerminalType": "xterm", "SSHManualHostKeys": "", "GssapiRekey": "2", "PreferKnownHostKeys": "1", "GSSCustom": "", "LogType": "0", "BugIgnore1": "0",
		"BugPlainPW1": "0", "BugRSA1": "0", "BugIgnore2": "0", "BugDeriveKey2": "0", "BugRSAPad2": "0", "BugPKSessID2": "0",
		"BugRekey2": "0", "BugMaxPkt2": "0", "BugOldGex2": "0", "BugWinadj": "0", "BugChanReq": "0", "BugDropStart": "1",
		"BugFilterKexinit": "1", "BugRSASHA2CertUserauth": "0", "BugHMAC2": "0",
	}
}}

// puttyLook are the settings of the window, the terminal and the keys.
var puttyLook = lazy.Value[map[string]string]{Make: func() map[string]string {
	return map[string]string{
		"WarnOnClose": "1", "CloseOnExit": "1", "TerminalSpeed": "38400,38400", "BackspaceIsDelete": "1", "RXVTHomeEnd": "0",
		"LinuxFunctionKeys": "0", "ShiftedArrowKeys": "0", "NoApplicationCursors": "0", "NoApplicationKeys": "0",
		"NoMouseReporting": "0", "NoRemoteResize": "0", "NoAltScreen": "0", "NoRemoteWinTitle": "0", "NoRemoteClearScroll": "0",
		"NoDBackspace": "0", "NoRemoteCharset": "0", "RemoteQTitleAction": "1", "NoRemoteQTitle": "1", "ApplicationCursorKeys": "0",
		"ApplicationKeypad": "0", "NetHackKeypad": "0", "AltF4": "1", "AltSpace": "0", "AltOnly": "0", "LocalEcho": "2",
		"LocalEdit": "2", "AlwaysOnTop": "0", "FullScreenOnAltEnter": "0", "ScrollOnKey": "0", "ScrollOnDisp": "1",
		"EraseToScrollback": "1", "ComposeKey": "0", "CtrlAltKeys": "1", "WinTitle": "", "ScrollbackLines": "2000",
		"DECOriginMode": "0", "AutoWrapMode": "1", "LFImpliesCR": "0", "CRImpliesLF": "0", "CurType": "0", "BlinkCur": "0",
		"Beep": "1", "BeepInd": "0", "BellOverload": "1", "BellOverloadN": "5", "BellOverloadT": "2000", "BellOverloadS": "5000",
		"BellWaveFile": "", "ScrollBar": "1", "ScrollBarFullScreen": "0", "LockSize": "0", "BCE": "1", "BlinkText": "0",
		"WinNameAlways": "1", "TermWidth": "80", "TermHeight": "24", "LogFileClash": "-1", "LogFlush": "1", "LogHeader": "1",
		"SSHLogOmitPasswords": "1", "SSHLogOmitData": "0", "HideMousePtr": "0", "SunkenEdge": "0", "WindowBorder": "1",
		"Answerback": "PuTTY", "Printer": "", "DisableArabicShaping": "0", "DisableBidi": "0", "ANSIColour": "1",
		"Xterm256Colour": "1", "TrueColour": "1", "UseSystemColours": "0", "TryPalette": "0", "MouseIsXterm": "0", "RectSelect": "0",
		"PasteControls": "0", "RawCNP": "0", "UTF8linedraw": "0", "PasteRTF": "0", "MouseOverride": "1", "CJKAmbigWide": "0",
		"UTF8Override": "1", "CapsLockCyr": "0", "LoginShell": "1", "StampUtmp": "1", "ScrollbarOnLeft": "0", "ShadowBold": "0",
		"ShadowBoldOffset": "1", "WindowClass": "", "BoldAsColour": "1", "ProxyLogToTerm": "1", "SshBanner": "1", "FontQuality": "0",
		"FontVTMode": "4", "Colour0": "187,187,187", "Colour1": "255,255,255", "Colour2": "0,0,0", "Colour3": "85,85,85",
		"Colour4": "0,0,0", "Colour5": "0,255,0", "Colour6": "0,0,0", "Colour7": "85,85,85", "Colour8": "187,0,0",
		"Colour9": "255,85,85", "Colour10": "0,187,0", "Colour11": "85,255,85", "Colour12": "187,187,0", "Colour13": "255,255,85",
		"Colour14": "0,0,187", "Colour15": "85,85,255", "Colour16": "187,0,187", "Colour17": "255,85,255", "Colour18": "0,187,187",
		"Colour19": "85,255,255", "Colour20": "187,187,187", "Colour21": "255,255,255", "MouseAutocopy": "1", "DisableBracketedPaste": "0",
	}
}}

// unranked are the beginnings of names whose usual values differ between versions and
// systems, so that nothing shows what a person chose: orders of algorithms, fonts, letters of
// a word, and what other protocols need.
var unranked = lazy.Value[[]string]{Make: func() []string {
	return strings.Fields(`Cipher KEX HostKey GSSLibs TerminalModes Wordness Font BoldFont WideFont WideBoldFont LineCodePage
LogFileName CtrlShiftIns CtrlShiftCV MousePaste PasteUnsafe Serial SUPDUP Telnet RFCEnviron PassiveTelnet LocalUserName
X11FontHack ResizeAction SshProt TrustSigils`)
}}

// kittyConnection are KiTTY's own settings of a connection. All others of it are about its
// window.
var kittyConnection = lazy.Value[[]string]{Make: func() []string {
	return strings.Fields(`Password Autocommand AutocommandOut AntiIdle PortKnocking Scriptfile ScriptFileName SFTPConnect`)
}}
